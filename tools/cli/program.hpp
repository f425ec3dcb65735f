#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "llm/price_book.hpp"
#include "tools/cli/console.hpp"
#include "tools/cli/exit_code.hpp"

namespace lab::tools {

/// The world that the program runs in; tests bring their own.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  StreamFacts streams;
  llm::Environment environment;
  std::string directory; // the current one, absolute
};

/// Does what the words ask for. Every failure ends here as text on stderr, as
/// one JSON document on stdout with `--json`, and as the code that is returned.
/// @param words  the program's name and its arguments
ExitCode run_program(const std::vector<std::string>& words,
                     const Surroundings& around);

} // namespace lab::tools
