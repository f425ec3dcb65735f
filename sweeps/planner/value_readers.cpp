#include "sweeps/planner/value_readers.hpp"

#include <cmath>

#include "sweeps/expression/value.hpp"
#include "sweeps/planner/decimal.hpp"

namespace lab::sweeps {

namespace {

/// "50%"
std::string percent_text(double share) {
  return std::to_string(std::lround(share * 100)) + "%";
}

} // namespace

std::string shown(const yaml::Node& node) {
  return node.kind == yaml::Kind::scalar ? "`" + node.scalar + "`"
                                         : yaml::describe(node);
}

std::optional<std::int64_t> read_duration(yaml::MapReader& reader,
                                          std::string_view key) {
  constexpr double seconds_max = 366.0 * 86'400;
  const auto* node = reader.node(key);
  if (node == nullptr)
    return std::nullopt;
  if (node->kind == yaml::Kind::scalar)
    if (const auto seconds = parse_duration(node->scalar);
        seconds && *seconds >= 1 && *seconds <= seconds_max)
      return static_cast<std::int64_t>(std::llround(*seconds));
  reader
    .error(key, "S425",
           "`" + std::string{key} + "` must be a length of time, not "
             + shown(*node))
    .help.emplace_back("write it like 90s, 45m, 8h or 2d, at most 366d");
  return std::nullopt;
}

std::optional<std::int32_t> read_clock(yaml::MapReader& reader,
                                       std::string_view key) {
  const auto* node = reader.required(key);
  if (node == nullptr)
    return std::nullopt;
  const auto& text = node->scalar;
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  const bool formed =
    node->kind == yaml::Kind::scalar && text.size() == 5 && text[2] == ':'
    && text.find_first_not_of("0123456789:") == std::string::npos
    && text.find(':', 3) == std::string::npos;
  if (formed) {
    const auto hours = digit(0) * 10 + digit(1);
    const auto minutes = digit(3) * 10 + digit(4);
    if (hours < 24 && minutes < 60)
      return hours * 60 + minutes;
  }
  reader
    .error(key, "S425",
           "`" + std::string{key} + "` must be a time of day, not "
             + shown(*node))
    .help.emplace_back("write it like \"22:30\"");
  return std::nullopt;
}

std::optional<double> parse_share(std::string_view text) {
  const bool percent = text.ends_with('%');
  const auto number = yaml::as_number(yaml::Node::plain(
    std::string{percent ? text.substr(0, text.size() - 1) : text}));
  if (!number)
    return std::nullopt;
  return percent ? *number / 100 : *number;
}

std::optional<double> read_share(yaml::MapReader& reader, std::string_view key,
                                 double above, double below) {
  const auto* node = reader.node(key);
  if (node == nullptr)
    return std::nullopt;
  const auto share =
    node->kind == yaml::Kind::scalar ? parse_share(node->scalar) : std::nullopt;
  if (share && *share > above && *share < below)
    return share;
  reader
    .error(key, "S425",
           "`" + std::string{key} + "` must be a share above "
             + percent_text(above) + " and below " + percent_text(below)
             + ", not " + shown(*node))
    .help.emplace_back("write it like 0.95 or 95%");
  return std::nullopt;
}

std::optional<std::int64_t> read_count(yaml::MapReader& reader,
                                       std::string_view key,
                                       const std::string& code) {
  const auto* node = reader.node(key);
  if (node == nullptr)
    return std::nullopt;
  const auto count =
    node->kind == yaml::Kind::scalar ? parse_count(node->scalar) : std::nullopt;
  if (!count)
    reader
      .error(key, code,
             "`" + std::string{key} + "` must be a count, not " + shown(*node))
      .help.emplace_back("write it like 250, 400k or 90M");
  return count;
}

} // namespace lab::sweeps
