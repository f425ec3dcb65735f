#include "tools/cli/json_output.hpp"

namespace lab::tools {

namespace {

Json cost_of(const Charge& settled, const Charge& unknown,
             const Charge& reserved) {
  return {{"settled", to_decimal(settled.usd)},
          {"unknown", to_decimal(unknown.usd)},
          {"reserved", to_decimal(reserved.usd)}};
}

} // namespace

std::string document(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json json_of(const storage::Spend& spend) {
  return cost_of(spend.settled, spend.unknown, spend.reserved);
}

Json json_of(const Balance& balance) {
  auto cost = cost_of(balance.settled, balance.unknown, balance.reserved);
  cost["limit"] =
    balance.limit.usd ? Json(to_decimal(*balance.limit.usd)) : Json(nullptr);
  return cost;
}

} // namespace lab::tools
