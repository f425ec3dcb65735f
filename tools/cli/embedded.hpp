#pragma once

#include <string_view>
#include <vector>

namespace lab::tools {

/// A file of the repository that is built into the program.
struct EmbeddedFile {
  std::string_view path; // from the repository's root
  std::string_view text;
};

/// docs/errors.md, and what `demo` needs where the repository is not at hand.
const std::vector<EmbeddedFile>& embedded_files();

} // namespace lab::tools
