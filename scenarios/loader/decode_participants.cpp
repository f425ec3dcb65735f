#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"
#include "scenarios/loader/scenario_folder.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

constexpr std::string_view script_model = "sim/script";
constexpr std::int64_t day_s = 24 * 60 * 60;
constexpr std::int64_t deadline_max_s = 30 * day_s;

struct TimeUnit {
  std::string_view name;
  std::int64_t seconds;
};

constexpr std::array time_units{
  TimeUnit{"", 1},        TimeUnit{"s", 1},          TimeUnit{"sec", 1},
  TimeUnit{"second", 1},  TimeUnit{"seconds", 1},    TimeUnit{"m", 60},
  TimeUnit{"min", 60},    TimeUnit{"minute", 60},    TimeUnit{"minutes", 60},
  TimeUnit{"h", 60 * 60}, TimeUnit{"hour", 60 * 60}, TimeUnit{"hours", 60 * 60},
  TimeUnit{"d", day_s},   TimeUnit{"day", day_s},    TimeUnit{"days", day_s}};

/// `90`, `90 s`, `10 min`, `1.5 h`: whole seconds from 1 to 30 days.
std::optional<std::int64_t> seconds_in(std::string_view text) {
  const auto words = trim(text);
  const auto letters =
    std::min(words.find_first_not_of("0123456789."), words.size());
  const auto number =
    yaml::as_number(yaml::Node::plain(std::string{words.substr(0, letters)}));
  const auto unit = trim(words.substr(letters));
  const auto found =
    std::find_if(time_units.begin(), time_units.end(),
                 [&unit](const TimeUnit& one) { return one.name == unit; });
  if (!number || found == time_units.end())
    return std::nullopt;
  const auto seconds = *number * static_cast<double>(found->seconds);
  if (!(seconds >= 1 && seconds <= static_cast<double>(deadline_max_s)))
    return std::nullopt;
  return static_cast<std::int64_t>(std::llround(seconds));
}

class ParticipantDecoder {
public:
  ParticipantDecoder(const Decoding& decoding, const std::string& id)
    : decoding_(decoding), id_(id),
      reader_(decoding.files.actors.at(id), decoding.tree.actors.at(id),
              "actors." + id, "S", decoding.findings) {}

  ParticipantSpec decode() {
    ParticipantSpec spec;
    spec.id = id_;
    const auto kind = decoding_.tree.actors.at(id_).kind;
    if (kind != Kind::map && kind != Kind::null)
      return spec;
    spec.name = filled_text(reader_, "name");
    check_short_name();
    spec.control = decode_control();
    decode_deadline(spec);
    spec.model = decode_model();
    decode_script(spec);
    spec.system_prompt = reader_.text("system_prompt").value_or("");
    spec.role = reader_.text("role").value_or("");
    spec.description = reader_.text("description").value_or("");
    spec.goals = lines_of(reader_, either("goals", "long_term_goals"));
    spec.constraints = lines_of(reader_, "constraints");
    spec.expertise = decode_expertise();
    spec.decision_style =
      reader_.text(either("decision_style", "decision_making_style"))
        .value_or("");
    spec.communication_style = reader_.text("communication_style").value_or("");
    spec.personality_traits = lines_of(reader_, "personality_traits");
    spec.preferred_coalitions = lines_of(reader_, "preferred_coalitions");
    spec.response_format = reader_.text("response_format").value_or("");
    spec.private_information = reader_.text("private_information").value_or("");
    spec.sim = decode_dials(decoding_, reader_);
    warn_of_blank_persona(spec);
    allow_keys(reader_, actor_keys());
    reader_.finish(Severity::warning);
    return spec;
  }

private:
  /// The first of two spellings that the file uses.
  std::string_view either(std::string_view usual, std::string_view other) {
    reader_.allow(usual);
    reader_.allow(other);
    return reader_.has(usual) ? usual : other;
  }

  void check_short_name() {
    const auto short_name = reader_.text("short_name");
    if (!short_name || *short_name == id_)
      return;
    auto& finding = reader_.error(
      "short_name", "S111",
      "`short_name` is `" + *short_name
        + "`, but the file and the `actors` list say `" + id_ + "`");
    finding.help.push_back("write `short_name: " + id_ + "`");
  }

  Control decode_control() {
    const auto control = reader_.one_of("control", {"ai", "human", "scripted"});
    if (control == "human")
      return Control::human;
    return control == "scripted" ? Control::scripted : Control::ai;
  }

  /// For people. Harmless otherwise: a person may take over in mid-run.
  void decode_deadline(ParticipantSpec& spec) {
    if (const auto* node = reader_.node("deadline")) {
      const auto seconds =
        node->kind == Kind::scalar ? seconds_in(node->scalar) : std::nullopt;
      if (seconds)
        spec.deadline_s = *seconds;
      else
        reader_
          .error("deadline", "S121",
                 "`deadline` must be a length of time from 1 second to 30 "
                 "days, not "
                   + (node->kind == Kind::scalar ? "`" + node->scalar + "`"
                                                 : yaml::describe(*node)))
          .help.emplace_back("write a number of seconds, or `90 s`, `10 min`, "
                             "`2 h`, `1 day`");
    }
    const auto then = reader_.one_of("on_timeout", {"ai", "wait", "skip"});
    if (then == "ai")
      spec.on_timeout = OnTimeout::ai;
    else if (then == "skip")
      spec.on_timeout = OnTimeout::skip;
    if (then && *then != "wait" && !reader_.has("deadline"))
      warn_of_no_effect(reader_, "on_timeout", "there is no `deadline`")
        .help.emplace_back("add one, such as `deadline: 10 min`");
  }

  /// A scripted participant is played by the model that reads from a file.
  void decode_script(ParticipantSpec& spec) {
    const auto script = reader_.text("script");
    if (spec.control != Control::scripted) {
      if (script)
        warn_of_no_effect(reader_, "script", "`control` is not `scripted`")
          .help.emplace_back("write `control: scripted`");
      return;
    }
    if (!script) {
      // An override such as --model may name the script's model itself.
      if (!reader_.has("script")
          && spec.model.substr(0, script_model.size()) != script_model) {
        auto& finding =
          reader_.error("control", "S103",
                        "`" + id_ + "` is scripted, and no `script` is named");
        finding.help.emplace_back("add `script: FILE`, a file of replies in "
                                  "the scenario's folder");
      }
      return;
    }
    spec.model = std::string{script_model} + "?file=" + decoding_.files.base
                 + "/" + *script;
    if (script->find('&') != std::string::npos) {
      reader_.error("script", "S110",
                    "a script's name cannot hold `&`, since it becomes part "
                    "of a model id");
      return;
    }
    const auto file = decoding_.files.root->look(*script);
    if (file.state == FileState::read)
      return;
    auto& finding = reader_.error(
      "script", file.state == FileState::absent ? "S207" : "S204",
      file.state == FileState::absent
        ? "there is no file `" + *script + "` in the scenario's folder"
        : "`" + *script + "` cannot be a script: " + file.why);
    if (file.state == FileState::absent)
      if (const auto near = closest(*script, decoding_.files.root->names()))
        finding.help.push_back("did you mean `" + *near + "`?");
  }

  std::string decode_model() {
    const auto usual = model_id(reader_, "llm_model");
    const auto other = model_id(reader_, "model");
    if (!usual.empty() && !other.empty() && usual != other)
      warn_of_rival(reader_, "llm_model", "model");
    return usual.empty() ? other : usual;
  }

  void add_levels(const yaml::Node& map, const std::string& path,
                  std::vector<std::pair<std::string, std::string>>& out) {
    for (const auto& entry : map.entries) {
      if (entry.value.kind == Kind::scalar || entry.value.kind == Kind::null) {
        out.emplace_back(entry.key, entry.value.scalar);
        continue;
      }
      report_level(entry.value, path + "." + entry.key);
    }
  }

  void report_level(const yaml::Node& node, const std::string& path) {
    auto finding = yaml::at(reader_.document(), node, "S101",
                            "a level of `expertise` must be a text, not "
                              + yaml::describe(node));
    finding.path = path;
    decoding_.findings.add(std::move(finding));
  }

  /// A map, a list of maps, a list of texts, or a text.
  std::vector<std::pair<std::string, std::string>> decode_expertise() {
    std::vector<std::pair<std::string, std::string>> all;
    const auto* node = reader_.node("expertise");
    if (node == nullptr)
      return all;
    const auto path = reader_.path_of("expertise");
    if (node->kind == Kind::scalar)
      for (const auto& line : lines_of(reader_, "expertise"))
        all.emplace_back(line, "");
    add_levels(*node, path, all);
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      const auto& item = node->items[i];
      const auto item_path = path + "." + std::to_string(i);
      if (item.kind == Kind::scalar)
        all.emplace_back(item.scalar, "");
      else if (item.kind == Kind::map)
        add_levels(item, item_path, all);
      else
        report_level(item, item_path);
    }
    return all;
  }

  void warn_of_blank_persona(const ParticipantSpec& spec) {
    constexpr std::array says_who{"system_prompt", "description", "role",
                                  "goals", "long_term_goals"};
    if (spec.control != Control::ai
        || std::any_of(says_who.begin(), says_who.end(),
                       [this](const char* key) { return reader_.has(key); }))
      return;
    reader_
      .warning("", "S304",
               "`" + id_
                 + "` has a name only: no goals, role, description or "
                   "system prompt")
      .help.emplace_back("say who this is, at least with `goals`");
  }

  const Decoding& decoding_;
  const std::string& id_;
  MapReader reader_;
};

void check_distinct_names(const Decoding& decoding,
                          const std::vector<ParticipantSpec>& participants) {
  for (auto second = participants.begin(); second != participants.end();
       ++second) {
    const auto first = std::find_if(
      participants.begin(), second,
      [&](const ParticipantSpec& other) { return other.name == second->name; });
    if (first == second || second->name.empty())
      continue;
    const auto* name = decoding.tree.actors.at(second->id).find("name");
    auto finding = yaml::at(decoding.files.actors.at(second->id), *name, "S112",
                            "`" + second->id + "` and `" + first->id
                              + "` have the same name");
    finding.path = "actors." + second->id + ".name";
    finding.help.emplace_back("participants address each other by name, so "
                              "give each its own");
    decoding.findings.add(std::move(finding));
  }
}

/// Whom somebody would like to join must be somebody.
void check_preferences(const Decoding& decoding,
                       const std::vector<ParticipantSpec>& participants) {
  if (!decoding.files.complete)
    return;
  std::vector<std::string> names;
  for (const auto& participant : participants) {
    names.push_back(participant.id);
    names.push_back(participant.name);
  }
  for (const auto& participant : participants) {
    const auto& actor = decoding.tree.actors.at(participant.id);
    MapReader reader{decoding.files.actors.at(participant.id), actor,
                     "actors." + participant.id, "S", decoding.findings};
    for (const auto& wanted : participant.preferred_coalitions) {
      if (std::find(names.begin(), names.end(), wanted) != names.end())
        continue;
      const auto* place = actor.find("preferred_coalitions");
      for (const auto& item : place->items)
        if (item.scalar == wanted) {
          place = &item;
          break;
        }
      auto finding = yaml::at(reader.document(), *place, "S205",
                              "nobody here is called `" + wanted + "`");
      finding.severity = Severity::warning;
      finding.path = reader.path_of("preferred_coalitions");
      offer_names(finding, wanted, names, "participants");
      decoding.findings.add(std::move(finding));
    }
  }
}

} // namespace

std::vector<ParticipantSpec> decode_participants(const Decoding& decoding) {
  std::vector<ParticipantSpec> participants;
  for (const auto& id : listed_actors(decoding.tree.scenario)) {
    const bool again =
      std::any_of(participants.begin(), participants.end(),
                  [&](const ParticipantSpec& p) { return p.id == id; });
    if (!again && decoding.files.actors.count(id) > 0)
      participants.push_back(ParticipantDecoder{decoding, id}.decode());
  }
  check_distinct_names(decoding, participants);
  check_preferences(decoding, participants);
  return participants;
}

} // namespace lab::scenarios
