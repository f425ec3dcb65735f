#include "actors/prompts/data_block.hpp"

#include "actors/prompts/wording.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) {
    if (out.size() > 1)
      out += ',';
    out += json_quote(text);
  }
  return out + ']';
}

std::string opening(const std::string& from, std::int32_t turn,
                    const std::string& channel) {
  return std::string{record_opening} + json_quote(from) + ",\"turn\":"
         + std::to_string(turn) + ",\"channel\":" + json_quote(channel);
}

} // namespace

std::string data_line(const Utterance& utterance) {
  auto line = opening(utterance.from, utterance.turn, utterance.channel);
  if (!utterance.to.empty())
    line += ",\"to\":" + quoted_list(utterance.to);
  return line + ",\"text\":" + json_quote(utterance.text) + '}';
}

std::string data_line(const std::string& from, const StatedGoals& goals) {
  return opening(from, goals.turn, "goals")
         + ",\"long_term\":" + quoted_list(goals.long_term)
         + ",\"short_term\":" + quoted_list(goals.short_term) + '}';
}

std::string data_lines(const std::vector<Utterance>& utterances) {
  std::string out;
  for (const auto& utterance : utterances)
    out += data_line(utterance) + '\n';
  return out;
}

} // namespace lab::actors
