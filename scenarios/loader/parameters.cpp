#include "scenarios/loader/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/base/text.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;

constexpr std::size_t words_bytes_max = std::size_t{256} << 10;
constexpr std::size_t words_depth_max = 16; // parameters within each other

bool is_name_letter(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || (!first && c >= '0' && c <= '9');
}

bool is_name(std::string_view text) {
  if (text.empty() || !is_name_letter(text.front(), true))
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_name_letter(c, false); });
}

/// The number in a scalar, quoted or not.
std::optional<double> number_in(const yaml::Node& node) {
  if (node.kind != Kind::scalar)
    return std::nullopt;
  return yaml::as_number(yaml::Node::plain(node.scalar));
}

/// Calls `take(begin, end, name)` for each `{{name}}` in `text`.
template <class Take>
void each_placeholder(std::string_view text, Take take) {
  for (std::size_t at = text.find("{{"); at != std::string_view::npos;
       at = text.find("{{", at)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos)
      return;
    const auto name = trim(text.substr(at + 2, end - at - 2));
    if (is_name(name)) {
      take(at, end + 2, std::string{name});
      at = end + 2;
    } else {
      ++at;
    }
  }
}

} // namespace

std::string number_text(double number) {
  std::array<char, 32> digits{};
  const auto [end, problem] =
    std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return problem == std::errc{} ? std::string(digits.data(), end) : "0";
}

Parameters::Parameters(const yaml::Document& document,
                       const yaml::Node& scenario, Findings& findings)
  : document_(document), block_(scenario.find("parameters")),
    findings_(findings) {
  if (block_ == nullptr || block_->kind == Kind::null)
    return;
  if (block_->kind != Kind::map) {
    auto finding = yaml::at(document_, *block_, "S101",
                            "`parameters` must be a map of names, not "
                              + yaml::describe(*block_));
    finding.path = "parameters";
    findings_.add(std::move(finding));
    return;
  }
  for (const auto& entry : block_->entries)
    decode(entry);
  join_words();
}

const ParameterSpec* Parameters::find(std::string_view name) const {
  for (const auto& spec : specs_)
    if (spec.name == name)
      return &spec;
  return nullptr;
}

std::optional<std::pair<double, double>>
Parameters::range(std::string_view name) const {
  const auto found = ranges_.find(name);
  if (found == ranges_.end())
    return std::nullopt;
  return std::pair{found->second.low, found->second.high};
}

std::vector<std::string> Parameters::names() const {
  std::vector<std::string> all;
  for (const auto& spec : specs_)
    all.push_back(spec.name);
  return all;
}

void Parameters::decode(const yaml::Entry& entry) {
  const auto path = "parameters." + entry.key;
  if (!is_name(entry.key)) {
    auto finding = yaml::at_key(document_, entry, "S110",
                                "`" + entry.key + "` cannot name a parameter");
    finding.path = path;
    finding.help.emplace_back(
      "use letters, digits and `_`, beginning with a letter");
    findings_.add(std::move(finding));
    return;
  }
  yaml::MapReader reader{document_, entry.value, path, "S", findings_};
  ParameterSpec spec;
  spec.name = entry.key;
  spec.help = reader.text("help").value_or("");
  const auto range = decode_range(reader);
  if (range)
    ranges_.emplace(spec.name, *range);
  reader.allow("values");
  reader.allow("say");
  const auto* value =
    entry.value.kind == Kind::map ? reader.required("default") : nullptr;
  // From here on the name exists, whatever is wrong with its value, so that
  // texts which use it are not reported as well.
  if (value != nullptr && value->kind != Kind::scalar) {
    reader.error("default", "S101",
                 "the value of `" + spec.name
                   + "` must be a number or a word, not "
                   + yaml::describe(*value));
  } else if (value != nullptr) {
    if (range || !value->quoted)
      spec.number = number_in(*value);
    spec.value = spec.number ? number_text(*spec.number) : value->scalar;
    check_allowed(reader, spec, range);
    decode_words(reader, spec);
  }
  specs_.push_back(std::move(spec));
  reader.finish(Severity::warning);
}

std::optional<Parameters::Range>
Parameters::decode_range(yaml::MapReader& reader) {
  const auto* node = reader.node("range");
  if (node == nullptr)
    return std::nullopt;
  if (node->kind == Kind::list && node->items.size() == 2) {
    const auto low = yaml::as_number(node->items[0]);
    const auto high = yaml::as_number(node->items[1]);
    if (low && high && *low < *high)
      return Range{*low, *high};
  }
  auto& finding = reader.error("range", "S118",
                               "`range` must hold two numbers, low then high");
  finding.help.emplace_back("write it like `range: [0, 1]`");
  return std::nullopt;
}

void Parameters::check_allowed(yaml::MapReader& reader,
                               const ParameterSpec& spec,
                               const std::optional<Range>& range) {
  if (range
      && (!spec.number || *spec.number < range->low
          || *spec.number > range->high)) {
    reader.error("default", "S214",
                 "the value of `" + spec.name + "` must be a number from "
                   + number_text(range->low) + " to " + number_text(range->high)
                   + ", not `" + spec.value + "`");
    return;
  }
  const auto values = reader.texts("values");
  if (!values)
    return;
  const bool allowed =
    std::any_of(values->begin(), values->end(), [&](const auto& candidate) {
      return candidate == spec.value
             || (spec.number
                 && number_in(yaml::Node::plain(candidate)) == spec.number);
    });
  if (allowed)
    return;
  auto& finding = reader.error(
    "default", "S214", "`" + spec.name + "` cannot be `" + spec.value + "`");
  if (const auto near = closest(spec.value, *values))
    finding.help.push_back("did you mean `" + *near + "`?");
  finding.notes.push_back("values of `" + spec.name
                          + "`: " + join(*values, ", "));
}

void Parameters::decode_words(yaml::MapReader& reader, ParameterSpec& spec) {
  spec.words = spec.value;
  const auto* say = reader.node("say");
  if (say == nullptr)
    return;
  if (say->kind != Kind::map || say->entries.empty()) {
    reader.error("say", "S101",
                 "`say` must be a map from values to words, not "
                   + yaml::describe(*say));
    return;
  }
  bool sound = true;
  for (const auto& entry : say->entries) {
    if (entry.value.kind == Kind::scalar)
      continue;
    auto finding = yaml::at(document_, entry.value, "S118",
                            "`say` gives a text for each value, not "
                              + yaml::describe(entry.value));
    finding.path = reader.path_of("say") + "." + entry.key;
    findings_.add(std::move(finding));
    sound = false;
  }
  if (!sound)
    return;
  if (spec.number) {
    words_of_number(reader, *say, spec);
  } else if (const auto* words = say->find(spec.value)) {
    spec.words = words->scalar;
  }
}

/// Words may hold other parameters' words.
void Parameters::join_words() {
  std::set<std::string, std::less<>> checked;
  for (const auto& entry : block_->entries) {
    std::vector<std::string> chain;
    if (!check_words(entry, chain, checked))
      return;
  }
  std::map<std::string, std::string, std::less<>> joined;
  for (auto& spec : specs_)
    if (joined_words(spec, joined).size() > words_bytes_max) {
      auto finding =
        yaml::at_key(document_, *entry_of(spec.name), "S118",
                     "the words of `" + spec.name + "` come to more than "
                       + std::to_string(words_bytes_max >> 10U) + " KiB");
      finding.path = "parameters." + spec.name;
      findings_.add(std::move(finding));
      return;
    }
  for (auto& spec : specs_)
    spec.words = std::move(joined[spec.name]);
}

const yaml::Entry* Parameters::entry_of(std::string_view name) const {
  const auto found =
    std::ranges::find(block_->entries, name, &yaml::Entry::key);
  return found == block_->entries.end() ? nullptr : &*found;
}

/// Whether what `entry` can say is made of known parameters and comes to an
/// end.
/// @param chain    the parameters on the way here
/// @param checked  those that are known to be sound
bool Parameters::check_words(const yaml::Entry& entry,
                             std::vector<std::string>& chain,
                             std::set<std::string, std::less<>>& checked) {
  const auto* say = entry.value.find("say");
  if (say == nullptr || say->kind != Kind::map || checked.contains(entry.key))
    return true;
  chain.push_back(entry.key);
  bool sound = true;
  for (const auto& text : say->entries)
    each_placeholder(text.value.scalar, [&](std::size_t, std::size_t,
                                            const std::string& name) {
      sound = sound && check_use(entry, text, name, chain, checked);
    });
  chain.pop_back();
  if (sound)
    checked.insert(entry.key);
  return sound;
}

bool Parameters::check_use(const yaml::Entry& entry, const yaml::Entry& text,
                           const std::string& name,
                           std::vector<std::string>& chain,
                           std::set<std::string, std::less<>>& checked) {
  const auto path = "parameters." + entry.key + ".say." + text.key;
  const auto* next = entry_of(name);
  if (find(name) == nullptr || next == nullptr) {
    report_placeholder(document_, text.value, path, name);
    return false;
  }
  const bool circle = std::ranges::find(chain, name) != chain.end();
  if (circle || chain.size() == words_depth_max) {
    auto finding = yaml::at(
      document_, text.value, "S118",
      circle ? "the words of `" + name + "` go round in a circle"
             : "words of parameters stand more than "
                 + std::to_string(words_depth_max) + " deep in each other");
    finding.path = path;
    finding.notes.push_back(join(chain, " uses ") + " uses " + name);
    findings_.add(std::move(finding));
    return false;
  }
  uses_[name].in_text = true;
  return check_words(*next, chain, checked);
}

/// The words of a parameter with those of others put in; cut off once they are
/// too long.
const std::string& Parameters::joined_words(
  const ParameterSpec& spec,
  std::map<std::string, std::string, std::less<>>& joined) const {
  if (const auto known = joined.find(spec.name); known != joined.end())
    return known->second;
  std::string out;
  std::size_t copied = 0;
  each_placeholder(spec.words, [&](std::size_t begin, std::size_t end,
                                   const std::string& name) {
    const auto* other = find(name);
    if (other == nullptr || out.size() > words_bytes_max)
      return;
    out.append(spec.words, copied, begin - copied);
    out += joined_words(*other, joined);
    copied = end;
  });
  return joined[spec.name] = out + spec.words.substr(copied);
}

void Parameters::words_of_number(yaml::MapReader& reader, const yaml::Node& say,
                                 ParameterSpec& spec) {
  std::optional<double> step;
  std::optional<double> lowest;
  for (const auto& entry : say.entries) {
    const auto from = number_in(yaml::Node::plain(entry.key));
    if (!from) {
      auto finding = yaml::at_key(document_, entry, "S118",
                                  "`" + spec.name
                                    + "` is a number, so its `say` is keyed "
                                      "by numbers");
      finding.path = reader.path_of("say") + "." + entry.key;
      findings_.add(std::move(finding));
      return;
    }
    lowest = std::min(lowest.value_or(*from), *from);
    if (*from > *spec.number || (step && *from < *step))
      continue;
    step = from;
    spec.words = entry.value.scalar;
  }
  const auto declared = range(spec.name);
  const auto least = declared ? declared->first : *spec.number;
  if (least >= *lowest)
    return;
  auto& finding =
    reader.error("say", "S118",
                 "`say` has no words for values below " + number_text(*lowest));
  finding.help.push_back("add an entry for " + number_text(least));
}

void Parameters::substitute(const yaml::Document& document, yaml::Node& node,
                            const std::string& path) {
  const auto below = [&](const std::string& key) {
    return path.empty() ? key : path + "." + key;
  };
  for (std::size_t i = 0; i < node.items.size(); ++i)
    substitute(document, node.items[i], below(std::to_string(i)));
  for (auto& entry : node.entries)
    if (!(path.empty() && entry.key == "parameters"))
      substitute(document, entry.value, below(entry.key));
  if (node.kind != Kind::scalar || node.scalar.find("{{") == std::string::npos)
    return;
  std::string out;
  std::size_t copied = 0;
  each_placeholder(node.scalar, [&](std::size_t begin, std::size_t end,
                                    const std::string& name) {
    const auto* spec = find(name);
    if (spec == nullptr) {
      report_placeholder(document, node, path, name);
      return;
    }
    uses_[name].in_text = true;
    out.append(node.scalar, copied, begin - copied);
    out += spec->words;
    copied = end;
  });
  if (copied > 0)
    node.scalar = out + node.scalar.substr(copied);
}

std::string Parameters::substitute(const std::string& text,
                                   const std::string& shown) {
  // Without parameters, braces in prose are prose, and nobody is warned of it.
  if (specs_.empty() || text.find("{{") == std::string::npos)
    return text;
  yaml::Document document;
  document.file = shown;
  document.lines = split(text, '\n');
  auto node = yaml::Node::text(text);
  node.mark = {1, 1};
  node.end = {static_cast<int>(document.lines.size()), 1};
  substitute(document, node, "background");
  return std::move(node.scalar);
}

void Parameters::report_placeholder(const yaml::Document& document,
                                    const yaml::Node& node,
                                    const std::string& path,
                                    const std::string& name) {
  auto finding =
    yaml::at(document, node, "S220", "there is no parameter `" + name + "`");
  finding.path = path;
  // A text over many lines: show the line with the placeholder.
  for (int line = std::max(node.mark.line, 1);
       line <= std::min(node.end.line, static_cast<int>(document.lines.size()));
       ++line) {
    const auto& text = document.lines[static_cast<std::size_t>(line) - 1];
    auto found = std::string::npos;
    each_placeholder(
      text, [&](std::size_t begin, std::size_t end, const std::string& other) {
        if (other != name || found != std::string::npos)
          return;
        found = begin;
        finding.end_column = static_cast<int>(end) + 1;
      });
    if (found == std::string::npos)
      continue;
    finding.line = line;
    finding.column = static_cast<int>(found) + 1;
    finding.source = text;
    break;
  }
  if (specs_.empty()) {
    // Old scenarios have no parameters; braces in their prose are prose.
    finding.severity = Severity::warning;
    finding.notes.emplace_back("the text is used as it stands");
  } else if (const auto near = closest(name, names())) {
    finding.help.push_back("did you mean `{{" + *near + "}}`?");
  } else {
    finding.notes.push_back("parameters: " + join(names(), ", "));
  }
  findings_.add(std::move(finding));
}

void Parameters::note_dial(std::string_view name) {
  uses_[std::string{name}].in_dial = true;
}

void Parameters::report_unused() {
  if (block_ == nullptr)
    return;
  for (const auto& entry : block_->entries) {
    const auto& use = uses_[entry.key];
    const bool has_words = entry.value.find("say") != nullptr;
    if (find(entry.key) == nullptr || use.in_text
        || (use.in_dial && !has_words))
      continue;
    auto finding = yaml::at_key(document_, entry, "S301",
                                "no text uses the parameter `" + entry.key
                                  + "`, so no model learns its value");
    finding.severity = Severity::warning;
    finding.path = "parameters." + entry.key;
    finding.help.push_back("write {{" + entry.key
                           + "}} where its words belong");
    findings_.add(std::move(finding));
  }
}

} // namespace lab::scenarios
