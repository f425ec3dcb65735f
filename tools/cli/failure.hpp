#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/error.hpp"
#include "tools/cli/exit_code.hpp"

namespace lab::tools {

/// Why a command ended without its result: what people read, and the number
/// that scripts read.
struct Failure {
  ExitCode exit = ExitCode::bug;
  Findings findings;
  /// Last line, about consequences: "nothing was run, nothing was spent".
  std::string consequence;
};

template <class T>
using Outcome = tl::expected<T, Failure>;

/// The code of docs/errors.md for an engine error: "P310".
std::string finding_code_of(Errc code);

/// An engine error in the shape that people read, with what helps. `doing`
/// says what was wanted: "open the workspace `.scenario-lab`".
Failure failure_of(const Error& error, const std::string& doing);

/// Findings that a loader collected; exit 3, or 4 for a missing file.
Failure failure_of(Findings findings);

inline tl::unexpected<Failure> give_up(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}
inline tl::unexpected<Failure> give_up(const Error& error,
                                       const std::string& doing) {
  return tl::unexpected<Failure>(failure_of(error, doing));
}

/// A finding of our own without a place in a file.
Diagnostic finding(std::string code, std::string message,
                   std::vector<std::string> help = {});

/// Text for stderr: the findings and the consequence.
std::string render(const Failure& failure);
/// `{"schema":"scenario-lab/error/1","exit":6,"findings":[…]}` in one line.
std::string to_json(const Failure& failure);

} // namespace lab::tools
