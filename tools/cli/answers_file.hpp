#pragma once

#include <string>
#include <vector>

#include "actors/people/ready_answers.hpp"
#include "runtime/base/error.hpp"

namespace lab::tools {

/// What people say without being asked at a terminal: those in `left_to_model`
/// leave every question to their model; for the others the first entry of
/// `file` that fits the question's turn, phase, participant and ordinal. The
/// file has the form of a `sim/script` (docs/sim.md).
/// @param file  empty: none
/// @errors invalid_input: names the file and the line
Result<actors::ReadyAnswers>
ready_answers(const std::string& file, std::vector<std::string> left_to_model);

} // namespace lab::tools
