// The words of parameters, and those of others within them.

#include <algorithm>

#include "runtime/base/text.hpp"
#include "scenarios/loader/parameters.hpp"
#include "scenarios/loader/placeholders.hpp"

namespace lab::scenarios {

using yaml::Kind;

namespace {

constexpr std::size_t words_bytes_max = std::size_t{256} << 10;
constexpr std::size_t words_depth_max = 16; // parameters within each other

} // namespace

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

} // namespace lab::scenarios
