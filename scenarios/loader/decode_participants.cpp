#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"
#include "scenarios/loader/scenario_folder.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

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
    spec.model = decode_model();
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

/// V1's default for the world, and a hosted model: money.
constexpr std::string_view legacy_world_model = "openai/gpt-4o-mini";

bool is_hosted(const std::string& model) {
  const auto provider = model.substr(0, model.find('/'));
  return !model.empty() && provider != "sim" && provider != "ollama"
         && provider != "local";
}

void offer_models(Diagnostic& finding) {
  finding.help.emplace_back("to try this scenario without any model server: "
                            "add --model sim/persona");
  finding.help.emplace_back(
    "or name a model in the file, such as ollama/llama3.1:8b");
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
  return participants;
}

void decode_models(const Decoding& decoding, ScenarioSpec& spec) {
  bool hosted = false;
  for (const auto& participant : spec.participants) {
    hosted = hosted || is_hosted(participant.model);
    const auto& actor = decoding.tree.actors.at(participant.id);
    // A model id that could not be read was reported where it stands.
    const auto names = [&actor](std::string_view key) {
      const auto* node = actor.find(key);
      return node != nullptr && node->kind != Kind::null;
    };
    if (participant.control != Control::ai || !participant.model.empty()
        || names("llm_model") || names("model"))
      continue;
    auto finding = yaml::at(decoding.files.actors.at(participant.id), actor,
                            "P001", "no model plays `" + participant.id + "`");
    finding.path = "actors." + participant.id;
    offer_models(finding);
    decoding.findings.add(std::move(finding));
  }
  if (decoding.tree.scenario.kind != Kind::map)
    return;
  MapReader reader{decoding.files.scenario, decoding.tree.scenario, "", "S",
                   decoding.findings};
  spec.world_state_model = model_id(reader, "world_state_model");
  if (!spec.world_state_model.empty() || reader.has("world_state_model"))
    return;
  if (hosted) {
    spec.world_state_model = legacy_world_model;
    reader
      .warning("", "S309",
               "no `world_state_model` is given, so "
                 + std::string{legacy_world_model} + " writes the world")
      .help.emplace_back("name the model you want");
    return;
  }
  auto& finding = reader.error("", "P001",
                               "no model writes the world: "
                               "`world_state_model` is missing");
  offer_models(finding);
}

} // namespace lab::scenarios
