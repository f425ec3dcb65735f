#include "runtime/base/json.hpp"

#include <set>
#include <vector>

namespace lab::json {

Result<Value> parse(std::string_view text, int depth_max,
                    std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return fail(Errc::invalid_input, "JSON of " + std::to_string(text.size())
                                       + " bytes is above the limit");
  // The callback sees keys as they come; nlohmann itself would let the last of
  // two equal keys win in silence.
  std::vector<std::set<std::string>> keys;
  std::string problem;
  const auto watch = [&](int depth, Value::parse_event_t event, Value& parsed) {
    if (depth > depth_max && problem.empty())
      problem = "JSON is nested deeper than " + std::to_string(depth_max);
    if (event == Value::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Value::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Value::parse_event_t::key && problem.empty()
               && !keys.back().insert(parsed.get<std::string>()).second) {
      problem = "JSON key '" + parsed.get<std::string>() + "' stands twice";
    }
    return problem.empty();
  };
  auto value = Value::parse(text, watch, false);
  if (!problem.empty())
    return fail(Errc::invalid_input, problem);
  if (value.is_discarded())
    return fail(Errc::invalid_input, "not well-formed JSON");
  return value;
}

std::string dump(const Value& value) {
  return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

std::string dump_pretty(const Value& value) {
  return value.dump(2, ' ', false, Value::error_handler_t::replace);
}

std::optional<std::uint64_t> unsigned_at(const Value& object, const char* key) {
  const auto* found = member(object, key);
  if (found == nullptr || !found->is_number_unsigned())
    return std::nullopt;
  return found->get<std::uint64_t>();
}

std::optional<std::string> text_at(const Value& object, const char* key) {
  const auto* found = member(object, key);
  if (found == nullptr || !found->is_string())
    return std::nullopt;
  return found->get<std::string>();
}

const Value* member(const Value& object, const char* key) {
  if (!object.is_object())
    return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

} // namespace lab::json
