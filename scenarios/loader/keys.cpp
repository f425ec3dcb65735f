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
    {"enable_bilateral_communication"},
    {"enable_coalition_formation"},
    {"max_communications_per_turn"},
    {"features"},
    {"summaries"},
    {"summary_model"},
    {"background"},
    {"pauses"},
    {"schema_version", Effect::quiet},
    {"created_date", Effect::quiet},
    {"author", Effect::quiet},
    {"tags", Effect::quiet},
    {"enable_public_statements", Effect::none},
    {"communication_types", Effect::none},
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
    {"deadline"},
    {"on_timeout"},
    {"script"},
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
    {"preferred_coalitions"},
    {"private_information"},
    {"response_format"},
    {"sim"},
    {"expertise_level", Effect::none},
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

const std::vector<Key>& event_keys() {
  static const std::vector<Key> keys{
    {"name"},        {"description"}, {"type"},     {"turn_range"},
    {"turn"},        {"turns"},       {"schedule"}, {"frequency"},
    {"probability"}, {"conditions"},  {"once"},     {"probability_per_turn"},
    {"effect"},      {"effects"},
  };
  return keys;
}

const std::vector<Key>& validation_keys() {
  static const std::vector<Key> keys{
    {"validation_model"},
    {"checks"},
    {"run_after_each_turn"},
    {"run_at_scenario_end"},
    {"generate_turn_reports"},
    {"generate_summary_report"},
    {"generate_summary"},
    {"halt_on_critical"},
    {"max_issues_before_halt"},
    {"severity_thresholds"},
    {"scenario_specific_rules"},
    {"reporting"},
    {"schema_version", Effect::quiet},
    {"include_in_costs", Effect::none},
    {"report_format", Effect::none},
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
    {"generate_summary_report", "generate_summary"},
  };
  static const std::vector<std::string_view> alone;
  for (const auto& group : groups)
    if (std::find(group.begin(), group.end(), key) != group.end())
      return group;
  return alone;
}

const std::vector<FeatureAlias>& feature_aliases() {
  static const std::vector<FeatureAlias> aliases{
    {"enable_bilateral_communication", "communications", "enabled"},
    {"max_communications_per_turn", "communications", "max_per_turn"},
    {"summaries", "context_management", "enabled"},
    {"summary_model", "context_management", "summarization_model"},
  };
  return aliases;
}

} // namespace lab::scenarios
