#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::tools {

/// The world of a dialogue with the person at the terminal; tests bring their
/// own.
struct DialogueHooks {
  /// Opens the file in the editor and returns when that has closed.
  std::function<Result<void>(const std::string& path)> edit;
  /// Asks for one line; nothing at the end of input, or when interrupted.
  std::function<std::optional<std::string>(const std::string& prompt)> ask;
  std::function<void(const std::string& text)> say;
  std::function<AnswerVerdict(AttemptId, std::string answer)> answer;
  /// The work is being stopped: nobody shall be asked any more.
  std::function<bool()> interrupted;
};

enum class DialogueEnd {
  answered,
  closed,  // it was answered elsewhere, expired or was withdrawn
  stopped, // the person wants to stop the run
  interrupted,
};

/// Asks one question: opens its form in the editor until the answer counts;
/// who leaves the form as it was may answer, pass, skip or stop. The form is a
/// file of mode 0600 in `folder`; unfinished ones stay there and are taken up
/// when the question is asked again.
DialogueEnd converse(const OpenQuestion& question, const std::string& folder,
                     const DialogueHooks& hooks);

} // namespace lab::tools
