#pragma once

#include <cstdint>
#include <vector>

#include "runtime/model/scenario_spec.hpp"
#include "sweeps/planner/reply_size.hpp"
#include "sweeps/planner/text_size.hpp"

namespace lab::sweeps {

/// Lengths of our own wording around the texts of a scenario: what `actors/`
/// writes into a prompt of this kind, and its JSON Schema.
/// @source measured: prompt_size_test.cpp fails with the number to write here
struct OwnWording {
  double prompt = 0;
  double schema = 0;
  double form = 0; // of the prompt: what V1 prompts do not say, nor a schema
};
OwnWording wording_of(CallKind kind);

/// How long prompts are, by turn: the scenario's texts as they stand, and what
/// replies and private words have added by then. Pure arithmetic.
class PromptSizes {
public:
  /// @param replies  how long replies are
  /// @param habits   how many private words there are
  PromptSizes(const ScenarioSpec& scenario, ReplySizes replies,
              const Habits& habits);

  /// The messages of a first question, without its schema.
  /// @param index  of who is asked; for checks and metrics, of who is judged
  ///               or read; of no matter otherwise
  TextSize decision(std::size_t index, std::int32_t turn) const;
  TextSize talk_offer(std::size_t index, std::int32_t turn) const;
  TextSize talk_answer(std::size_t index, std::int32_t turn) const;
  TextSize coalition_proposal(std::size_t index, std::int32_t turn) const;
  TextSize coalition_answer(std::size_t index, std::int32_t turn) const;
  TextSize coalition_word(std::size_t index, std::int32_t turn) const;
  TextSize world_update(std::int32_t turn) const;
  TextSize summary(std::int32_t turn) const;
  TextSize check(const CheckSpec& check, std::size_t index,
                 std::int32_t turn) const;
  TextSize metric(const MetricSpec& metric, std::size_t index) const;

  const ReplySizes& replies() const { return replies_; }
  /// The schema sent beside the messages.
  double schema(CallKind kind) const;
  /// What a repair adds to its question.
  double repair(const ReplySize& reply) const;

private:
  TextSize participant_prompt(std::size_t index, std::int32_t turn,
                              CallKind kind) const;
  TextSize record(const TextSize& from, double text) const;
  TextSize private_record(const TextSize& from, double recipients,
                          double text) const;
  TextSize talks_opened(std::size_t index) const;
  TextSize talks_seen(std::size_t index) const;
  TextSize coalitions_seen(std::size_t index) const;
  TextSize coalition_opened(std::size_t index) const;
  TextSize actions() const;
  TextSize world_before(std::int32_t turn) const;
  TextSize events() const;
  TextSize heading() const;
  TextSize others_named(std::size_t index) const;
  TextSize coalition_section(double words) const;
  double wording(CallKind kind) const;
  bool has_phase(CallKind kind) const;
  double others() const;
  double mean(const std::vector<ReplySize>& sizes) const;

  const ScenarioSpec& scenario_;
  ReplySizes replies_;
  Habits habits_;
  std::vector<TextSize> names_;    // as prompts show them
  std::vector<TextSize> personas_; // whole system messages
  TextSize roster_;
  TextSize name_;          // the mean of all
  TextSize initial_world_; // as a record holds it
  TextSize background_;
  std::vector<TextSize> talks_;      // private words of one turn, by reader
  std::vector<TextSize> coalitions_; // the same
  TextSize all_private_;             // of one turn, whoever may read them
};

} // namespace lab::sweeps
