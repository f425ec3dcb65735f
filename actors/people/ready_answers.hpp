#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// Answers that are there before the question, from a file for instance: JSON,
/// or text under the form's labels; nothing when there is none. Called by the
/// desk alone, must not wait for anything, and must give the same answer to the
/// same question, whenever it comes.
using ReadyAnswers =
  std::function<std::optional<std::string>(const OpenQuestion&)>;

} // namespace lab::actors
