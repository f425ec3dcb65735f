#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::tidy {

/// One file of the repository, as text.
struct SourceFile {
  std::string path; // from the repository root: "runtime/base/error.hpp"
  std::vector<std::string> lines;

  bool is_cpp() const; // header or source
  bool is_header() const { return path.ends_with(".hpp"); }
  /// "runtime/base/error.hpp:12"
  std::string at(std::size_t line_index) const;
};

/// Every text file of ours, in order of paths: C++, CMake, scripts, Markdown,
/// YAML. Build folders, output, downloads and hidden folders are left out.
const std::vector<SourceFile>& source_tree();

/// The folders at the top that belong to the repository.
std::vector<std::string> top_folders();

struct Include {
  std::string what;    // "runtime/base/error.hpp", "caf/all.hpp"
  bool quoted = false; // "…" rather than <…>
  std::size_t line = 0;
};
std::vector<Include> includes_of(const SourceFile& file);

/// The lines that are code, with comments, texts and raw strings blanked out:
/// what is left is what the compiler acts on.
std::vector<std::string> code_of(const SourceFile& file);

/// For each line: does it lie in a raw string?
std::vector<bool> raw_string_lines(const SourceFile& file);

/// Characters, not bytes.
std::size_t columns(std::string_view utf8);

} // namespace lab::tidy
