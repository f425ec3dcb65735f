#include "tools/cli/answers_file.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "actors/people/answer_form.hpp"
#include "llm/sim/script.hpp"

namespace lab::tools {

namespace {

std::optional<std::string> scripted(const llm::Script& script,
                                    const OpenQuestion& question) {
  llm::Brief place;
  place.turn = question.place.turn;
  place.ordinal = question.place.ordinal;
  place.phase = question.place.phase;
  place.participant = question.participant;
  const auto* text = script.reply_at(place);
  return text == nullptr ? std::nullopt : std::optional{*text};
}

} // namespace

Result<actors::ReadyAnswers>
ready_answers(const std::string& file, std::vector<std::string> left_to_model) {
  std::shared_ptr<const llm::Script> script;
  if (!file.empty()) {
    LAB_TRY(auto loaded, llm::Script::load(file));
    script = std::make_shared<const llm::Script>(std::move(loaded));
  }
  if (script == nullptr && left_to_model.empty())
    return actors::ReadyAnswers{};
  return [script, left = std::move(left_to_model)](
           const OpenQuestion& question) -> std::optional<std::string> {
    if (std::find(left.begin(), left.end(), question.participant) != left.end())
      return actors::declined_answer("ai");
    if (script == nullptr)
      return std::nullopt;
    return scripted(*script, question);
  };
}

} // namespace lab::tools
