#include "scenarios/loader/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/base/text.hpp"
#include "scenarios/loader/placeholders.hpp"

namespace lab::scenarios {

using yaml::Kind;

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
