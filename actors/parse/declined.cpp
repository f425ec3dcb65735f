#include "actors/parse/declined.hpp"

#include "runtime/base/json.hpp"

namespace lab::actors {

std::optional<Declined> declined_in(std::string_view reply) {
  const auto value = json::parse(reply);
  if (!value || !value->is_object() || value->size() != 1)
    return std::nullopt;
  const auto how = json::text_at(*value, "declined");
  if (how == "timeout")
    return Declined::timeout;
  if (how == "ai")
    return Declined::ai;
  if (how == "skip")
    return Declined::skip;
  return std::nullopt;
}

} // namespace lab::actors
