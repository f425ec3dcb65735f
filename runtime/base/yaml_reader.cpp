#include "runtime/base/yaml_reader.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::yaml {

namespace {

// A map of a hostile file can hold thousands of keys that nobody knows.
constexpr std::size_t unknown_keys_shown_max = 20;
// A longer list of keys helps nobody; the page of the format has it.
constexpr std::size_t listed_keys_max = 16;

std::string plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun}
         + (count == 1 ? "" : "s");
}

std::string with_article(const std::string& word) {
  const bool vowel = word.find_first_of("aeiou") == 0;
  return (vowel ? "an " : "a ") + word;
}

} // namespace

MapReader::MapReader(const Document& document, const Node& map,
                     std::string where, std::string codes, Findings& findings)
  : document_(document), map_(map), where_(std::move(where)),
    codes_(std::move(codes)), findings_(findings) {
  if (map_.kind == Kind::map || map_.kind == Kind::null)
    return;
  auto finding = at(document_, map_, codes_ + "101",
                    (where_.empty() ? "this file" : "`" + where_ + "`")
                      + " must be a map of keys, not " + describe(map_));
  finding.path = where_;
  findings_.add(std::move(finding));
}

bool MapReader::has(std::string_view key) const {
  const auto* found = map_.find(key);
  return found != nullptr && found->kind != Kind::null;
}

const Node* MapReader::node(std::string_view key) {
  allow(key);
  const auto* found = map_.find(key);
  return found == nullptr || found->kind == Kind::null ? nullptr : found;
}

const Node* MapReader::required(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr && (map_.kind == Kind::map || map_.kind == Kind::null))
    error(key, codes_ + "103",
          where_.empty()
            ? "the key `" + std::string{key} + "` is missing"
            : "`" + where_ + "` lacks the key `" + std::string{key} + "`");
  return found;
}

std::optional<std::string> MapReader::text(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  if (found->kind == Kind::scalar)
    return found->scalar;
  error(key, codes_ + "101",
        "`" + std::string{key} + "` must be a text, not " + describe(*found));
  return std::nullopt;
}

std::optional<std::string> MapReader::required_text(std::string_view key) {
  return required(key) == nullptr ? std::nullopt : text(key);
}

std::optional<bool> MapReader::boolean(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  const auto value = as_bool(*found);
  if (!value)
    error(key, codes_ + "101",
          "`" + std::string{key} + "` must be true or false, not "
            + describe(*found));
  return value;
}

std::optional<std::int64_t> MapReader::integer(std::string_view key,
                                               IntRange range) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  const auto value = as_int(*found);
  if (!value) {
    auto& finding =
      error(key, codes_ + "101",
            "`" + std::string{key} + "` must be a whole number, not "
              + describe(*found));
    if (found->kind == Kind::scalar && found->quoted
        && as_int(Node::plain(found->scalar)))
      finding.help.emplace_back("remove the quotes");
    return std::nullopt;
  }
  if (*value >= range.min && *value <= range.max)
    return value;
  constexpr auto unbounded = std::numeric_limits<std::int64_t>::max();
  auto allowed = "at least " + std::to_string(range.min);
  if (range.min == std::numeric_limits<std::int64_t>::min())
    allowed = "at most " + std::to_string(range.max);
  else if (range.max != unbounded)
    allowed =
      "from " + std::to_string(range.min) + " to " + std::to_string(range.max);
  error(key, codes_ + "102",
        "`" + std::string{key} + "` must be " + allowed + ", not "
          + std::to_string(*value));
  return std::nullopt;
}

std::optional<double> MapReader::number(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  const auto value = as_number(*found);
  if (!value) {
    auto& finding = error(key, codes_ + "101",
                          "`" + std::string{key} + "` must be a number, not "
                            + describe(*found));
    if (found->kind == Kind::scalar && found->quoted
        && as_number(Node::plain(found->scalar)))
      finding.help.emplace_back("remove the quotes");
  }
  return value;
}

std::optional<Money> MapReader::usd(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  if (found->kind == Kind::scalar)
    if (auto amount = parse_usd(found->scalar))
      return *amount;
  auto& finding =
    error(key, codes_ + "101",
          "`" + std::string{key} + "` must be an amount in USD, not "
            + (found->kind == Kind::scalar ? "`" + found->scalar + "`"
                                           : describe(*found)));
  finding.help.emplace_back(
    "write it like 5 or 0.40: digits, a point, at most 12 decimals");
  return std::nullopt;
}

std::optional<std::vector<std::string>> MapReader::texts(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr)
    return std::nullopt;
  if (found->kind == Kind::scalar)
    return std::vector{found->scalar};
  if (found->kind != Kind::list) {
    error(key, codes_ + "101",
          "`" + std::string{key} + "` must be a list of texts, not "
            + describe(*found));
    return std::nullopt;
  }
  std::vector<std::string> values;
  bool sound = true;
  for (std::size_t i = 0; i < found->items.size(); ++i) {
    const auto& item = found->items[i];
    if (item.kind == Kind::scalar) {
      values.push_back(item.scalar);
      continue;
    }
    auto finding = at(document_, item, codes_ + "101",
                      "each item of `" + std::string{key}
                        + "` must be a text, not " + describe(item));
    finding.path = path_of(key) + "." + std::to_string(i);
    if (item.kind == Kind::map)
      finding.help.emplace_back("put a text that contains `: ` in quotes");
    findings_.add(std::move(finding));
    sound = false;
  }
  if (!sound)
    return std::nullopt;
  return values;
}

std::optional<std::string>
MapReader::one_of(std::string_view key,
                  const std::vector<std::string>& allowed) {
  auto value = text(key);
  if (!value
      || std::find(allowed.begin(), allowed.end(), *value) != allowed.end())
    return value;
  auto& finding =
    error(key, codes_ + "105",
          "`" + std::string{key} + "` cannot be `" + *value + "`");
  if (const auto near = closest(*value, allowed))
    finding.help.push_back("did you mean `" + *near + "`?");
  finding.notes.push_back("possible values: " + join(allowed, ", "));
  return std::nullopt;
}

void MapReader::allow(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end())
    known_.emplace_back(key);
}

Diagnostic& MapReader::error(std::string_view key, std::string code,
                             std::string message) {
  const auto* found = map_.find(key);
  auto finding = at(document_, found == nullptr ? map_ : *found,
                    std::move(code), std::move(message));
  finding.path = path_of(key);
  return findings_.add(std::move(finding));
}

Diagnostic& MapReader::warning(std::string_view key, std::string code,
                               std::string message) {
  auto& finding = error(key, std::move(code), std::move(message));
  finding.severity = Severity::warning;
  return finding;
}

void MapReader::finish(Severity unknown) {
  std::size_t count = 0;
  for (const auto& entry : map_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end())
      continue;
    if (++count > unknown_keys_shown_max)
      continue;
    auto finding = at_key(document_, entry, codes_ + "104",
                          "unknown key `" + entry.key + "`"
                            + (where_.empty() ? "" : " in `" + where_ + "`"));
    finding.severity = unknown;
    finding.path = path_of(entry.key);
    finding.label = where_.empty() || where_.find('.') != std::string::npos
                      ? "not a key here"
                      : "not " + with_article(where_) + " key";
    const auto near = closest(entry.key, known_);
    if (near)
      finding.help.push_back("did you mean `" + *near + "`?");
    if (known_.size() <= listed_keys_max)
      finding.notes.push_back(
        (where_.empty() ? "keys of this file: " : "keys of `" + where_ + "`: ")
        + join(known_, ", "));
    findings_.add(std::move(finding));
  }
  if (count <= unknown_keys_shown_max)
    return;
  auto finding = at(document_, map_, codes_ + "104",
                    plural(count - unknown_keys_shown_max, "more unknown key")
                      + (where_.empty() ? "" : " in `" + where_ + "`"));
  finding.severity = unknown;
  finding.path = where_;
  findings_.add(std::move(finding));
}

std::string MapReader::path_of(std::string_view key) const {
  if (where_.empty() || key.empty())
    return where_ + std::string{key};
  return where_ + "." + std::string{key};
}

std::string describe(const Node& node) {
  switch (node.kind) {
  case Kind::null:
    return "nothing";
  case Kind::list:
    return "a list";
  case Kind::map:
    return "a map";
  case Kind::scalar:
    if (as_number(node))
      return "the number `" + node.scalar + "`";
    if (as_bool(node))
      return "`" + node.scalar + "`";
    return "a text";
  }
  return "a text";
}

} // namespace lab::yaml
