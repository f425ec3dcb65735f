#include "scenarios/loader/keys.hpp"

#include <algorithm>

namespace lab::scenarios {

const std::vector<Key>& scenario_keys() {
  static const std::vector<Key> keys{
    {"name"},
    {"description"},
    {"system_prompt"},
    {"initial_world_state"},
    {"turns"},
    {"num_turns"},
    {"scenario_length"},
    {"turn_duration"},
    {"actors"},
    {"world_state_model"},
    {"context_window_size"},
    {"context_window"},
    {"parameters"},
    {"phases"},
    {"compat"},
    {"output_caps"},
    {"temperature"},
    {"sim"},
    {"schema_version", Effect::quiet},
    {"created_date", Effect::quiet},
    {"author", Effect::quiet},
    {"tags", Effect::quiet},
    {"enable_bilateral_communication", Effect::later},
    {"enable_coalition_formation", Effect::later},
    {"enable_public_statements", Effect::none},
    {"max_communications_per_turn", Effect::later},
    {"communication_types", Effect::none},
    {"features", Effect::later},
    {"black_swans", Effect::none},
    {"enable_black_swans", Effect::none},
    {"allow_actor_reflection", Effect::none},
    {"parallel_action_resolution", Effect::none},
    {"background_information", Effect::none},
    {"success_criteria", Effect::none},
  };
  return keys;
}

const std::vector<Key>& actor_keys() {
  static const std::vector<Key> keys{
    {"name"},
    {"short_name"},
    {"llm_model"},
    {"model"},
    {"control"},
    {"system_prompt"},
    {"role"},
    {"description"},
    {"goals"},
    {"long_term_goals"},
    {"constraints"},
    {"expertise"},
    {"decision_style"},
    {"decision_making_style"},
    {"communication_style"},
    {"personality_traits"},
    {"private_information"},
    {"sim"},
    {"preferred_coalitions", Effect::none},
    {"expertise_level", Effect::none},
    {"response_format", Effect::none},
    {"information_access", Effect::none},
  };
  return keys;
}

const std::vector<Key>& metric_keys() {
  static const std::vector<Key> keys{
    {"name"},
    {"description"},
    {"unit"},
    {"type"},
    {"range"},
    {"categories"},
    {"warning_threshold"},
    {"critical_threshold"},
    {"actor_specific"},
    {"actor"},
    {"reads_actions"},
    {"extraction"},
    {"extraction_method"},
    {"pattern"},
    {"extraction_type"},
    {"extraction_prompt"},
    {"prompt"},
    {"model"},
    {"keywords"},
    {"scoring"},
    {"data_type"},
    {"aggregation", Effect::none},
  };
  return keys;
}

std::vector<std::string> names_of(const std::vector<Key>& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys)
    names.emplace_back(key.name);
  return names;
}

const std::vector<std::string_view>& aliases_of(std::string_view key) {
  static const std::vector<std::vector<std::string_view>> groups{
    {"turns", "num_turns", "scenario_length"},
    {"context_window_size", "context_window"},
    {"llm_model", "model"},
    {"goals", "long_term_goals"},
    {"decision_style", "decision_making_style"},
  };
  static const std::vector<std::string_view> alone;
  for (const auto& group : groups)
    if (std::find(group.begin(), group.end(), key) != group.end())
      return group;
  return alone;
}

} // namespace lab::scenarios
