#include "storage/json_columns.hpp"

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::storage {

namespace {

using Json = nlohmann::ordered_json; // keys in the order they were written

tl::unexpected<Error> damaged(std::string_view text) {
  return fail(Errc::journal_corrupt,
              "a JSON column holds '" + std::string{text.substr(0, 60)} + "'");
}

bool take_pairs(const Json& value, TextPairs& pairs) {
  if (!value.is_object())
    return false;
  for (const auto& [key, member] : value.items()) {
    if (!member.is_string())
      return false;
    pairs.emplace_back(key, member.get<std::string>());
  }
  return true;
}

Json parse(std::string_view text) { return Json::parse(text, nullptr, false); }

} // namespace

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts)
    out += (out.size() > 1 ? "," : "") + json_quote(text);
  return out + "]";
}

std::string json_object(const TextPairs& pairs) {
  std::string out = "{";
  for (const auto& [key, value] : pairs)
    out +=
      (out.size() > 1 ? "," : "") + json_quote(key) + ":" + json_quote(value);
  return out + "}";
}

std::string json_objects(const std::vector<TextPairs>& objects) {
  std::string out = "[";
  for (const auto& object : objects)
    out += (out.size() > 1 ? "," : "") + json_object(object);
  return out + "]";
}

Result<std::vector<std::string>> list_from(std::string_view text) {
  const auto value = parse(text);
  if (!value.is_array())
    return damaged(text);
  std::vector<std::string> list;
  for (const auto& item : value) {
    if (!item.is_string())
      return damaged(text);
    list.push_back(item.get<std::string>());
  }
  return list;
}

Result<TextPairs> pairs_from(std::string_view text) {
  TextPairs pairs;
  if (!take_pairs(parse(text), pairs))
    return damaged(text);
  return pairs;
}

Result<std::vector<TextPairs>> objects_from(std::string_view text) {
  const auto value = parse(text);
  if (!value.is_array())
    return damaged(text);
  std::vector<TextPairs> objects(value.size());
  for (std::size_t i = 0; i < value.size(); ++i)
    if (!take_pairs(value[i], objects[i]))
      return damaged(text);
  return objects;
}

} // namespace lab::storage
