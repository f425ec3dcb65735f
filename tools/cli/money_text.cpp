#include "tools/cli/money_text.hpp"

namespace lab::tools {

std::string usd_text(Money amount, bool play) {
  const auto text = to_display(amount);
  if (!play)
    return text;
  return text.substr(text.find('$') + 1) + " play";
}

std::string balance_text(const Balance& balance, bool play) {
  auto text = usd_text(balance.settled.usd, play) + " settled, "
              + usd_text(balance.unknown.usd, play) + " unknown, "
              + usd_text(balance.reserved.usd, play) + " reserved";
  if (balance.limit.usd)
    text += " of " + usd_text(*balance.limit.usd, play);
  return text;
}

bool is_simulated(std::string_view model) {
  return model.rfind("sim/", 0) == 0;
}

std::string simulated_notice(bool all) {
  return all ? "SIMULATED: no language model was called. Do not cite."
             : "PARTLY SIMULATED: some models are built-in rules. Do not cite.";
}

} // namespace lab::tools
