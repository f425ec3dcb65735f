#include "actors/prompts/sim_line.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "actors/metrics/metric_reader.hpp"

namespace lab::actors {

namespace {

constexpr std::string_view value_mark = "{}"; // where a line has its value
constexpr int nesting_max = 20;
constexpr std::size_t repeats_max = 8;

/// Walks a pattern and writes what each part would match.
class Sampler {
public:
  explicit Sampler(std::string_view pattern) : pattern_(pattern) {}

  std::string sample() { return alternatives(0); }

private:
  bool at_end() const { return at_ >= pattern_.size(); }
  char peek() const { return at_end() ? '\0' : pattern_[at_]; }
  char take() { return at_end() ? '\0' : pattern_[at_++]; }
  bool take_if(std::string_view text) {
    const bool there =
      pattern_.substr(std::min(at_, pattern_.size()), text.size()) == text;
    at_ += there ? text.size() : 0;
    return there;
  }

  /// The first of `a|b|c`, up to a closing bracket.
  std::string alternatives(int depth) {
    std::string first = sequence(depth);
    while (take_if("|"))
      sequence(depth);
    return first;
  }

  std::string sequence(int depth) {
    std::string out;
    while (!at_end() && peek() != '|' && peek() != ')') {
      const auto atom = one(depth);
      out += repeated(atom);
    }
    return out;
  }

  std::string one(int depth) {
    switch (const char c = take()) {
    case '(':
      return group(depth);
    case '[':
      return one_of_class();
    case '\\':
      return escape(take());
    case '.':
      return " ";
    case '^':
    case '$':
      return {};
    default:
      return {c};
    }
  }

  std::string group(int depth) {
    if (depth == nesting_max) {
      at_ = pattern_.size();
      return {};
    }
    const bool named = take_if("?P<");
    if (named)
      while (!at_end() && take() != '>') {
      }
    const bool is_capture = named || peek() != '?';
    const bool looks_around = take_if("?=") || take_if("?!") || take_if("?<");
    if (!is_capture && !looks_around)
      while (!at_end() && peek() != ':' && peek() != ')')
        take();
    take_if(":");
    const bool is_value =
      is_capture && !std::exchange(has_value_, has_value_ || is_capture);
    const auto inside = alternatives(depth + 1);
    take_if(")");
    if (looks_around)
      return {};
    return is_value ? std::string{value_mark} : inside;
  }

  std::string one_of_class() {
    const bool negated = take_if("^");
    std::string first;
    do {
      const char c = take();
      const auto member = c == '\\' ? escape(take()) : std::string{c};
      if (first.empty())
        first = member;
    } while (!at_end() && peek() != ']');
    take_if("]");
    return negated ? " " : first;
  }

  static std::string escape(char c) {
    switch (c) {
    case 'd':
      return "1";
    case 's':
    case 'W':
      return " ";
    case 'w':
    case 'D':
    case 'S':
      return "a";
    case 'n':
      return "\n";
    case 'b':
    case 'B':
    case 'A':
    case 'Z':
    case '\0':
      return {};
    default:
      return {c};
    }
  }

  /// What is optional is left out, but for blanks and the value.
  std::string repeated(const std::string& atom) {
    const bool needed =
      atom == " " || atom.find(value_mark) != std::string::npos;
    std::size_t times = 1;
    if (take_if("?") || take_if("*"))
      times = needed ? 1 : 0;
    else if (!take_if("+") && take_if("{"))
      times = needed ? 1 : counted();
    if (!take_if("?"))
      take_if("+"); // lazy and possessive forms
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
      out += atom;
    return out;
  }

  std::size_t counted() {
    std::size_t least = 0;
    while (peek() >= '0' && peek() <= '9')
      least = std::min(least * 10 + static_cast<std::size_t>(take() - '0'),
                       repeats_max);
    while (!at_end() && take() != '}') {
    }
    return least;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool has_value_ = false;
};

std::string words_of(const std::string& name) {
  auto words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string filled(std::string line, const std::string& value) {
  if (const auto at = line.find(value_mark); at != std::string::npos)
    line.replace(at, value_mark.size(), value);
  return line;
}

/// Values a model could say, as it writes them.
std::vector<std::string> probes_of(const MetricSpec& metric, bool whole) {
  if (metric.type == MetricType::boolean)
    return {"yes"};
  if (metric.type == MetricType::categorical)
    return metric.categories;
  return whole ? std::vector<std::string>{"3", "17"}
               : std::vector<std::string>{"3.5", "0.25", "17"};
}

bool reads_back(const MetricReader& reader, const std::string& line,
                const std::vector<std::string>& probes) {
  for (const auto& probe : probes) {
    TurnRecord turn;
    turn.world = "Some text before.\n\n" + filled(line, probe) + '\n';
    const auto value = reader.read(turn).front();
    const bool flag = probe == "yes" && value.number == 1.0;
    if (!value.number || (value.text != probe && !flag))
      return false;
  }
  return !probes.empty();
}

} // namespace

std::string text_like(std::string_view pattern) {
  return Sampler{pattern}.sample();
}

std::optional<SimLine> sim_line(const MetricSpec& metric) {
  if (metric.extraction != Extraction::pattern
      || metric.type == MetricType::text)
    return std::nullopt;
  ScenarioSpec probe;
  probe.metrics.push_back(metric);
  auto& world_metric = probe.metrics.front();
  world_metric.per_participant = false;
  world_metric.range.reset();
  const auto reader = MetricReader::compile(probe);
  if (!reader)
    return std::nullopt;
  const auto label = "- " + words_of(metric.name) + ": ";
  std::vector<std::string> lines{label + "{}", label + "{} " + metric.unit};
  for (const auto& pattern : metric.patterns) {
    const auto like = text_like(pattern);
    lines.push_back(label + like);
    lines.push_back(like);
  }
  const bool is_integer = metric.type == MetricType::integer;
  for (const bool whole : {is_integer, true})
    for (const auto& line : lines)
      if (reads_back(*reader, line, probes_of(metric, whole)))
        return SimLine{line, whole};
  return std::nullopt;
}

} // namespace lab::actors
