#include "sweeps/planner/prompt_size.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

// Around a text of a record: {"from":"…","turn":2,"channel":"…","text":"…"}
constexpr double record_frame = 50;
constexpr double recipient_frame = 7; // ,"to":["…"]
constexpr double world_name = 5;
// {"from":"…","turn":2,"channel":"goals","long_term":[…],"short_term":[…]}
constexpr double goals_frame = 70;
constexpr double item_frame = 3;
/// Goals are told again for this many turns.
constexpr std::int32_t goal_turns = 2;

// Sections that a prompt has only when there is something to say.
constexpr double past_heading = 26;
constexpr double goals_heading = 33;
constexpr double private_heading = 31;
constexpr double left_out_note = 46;
constexpr double events_heading = 27;
constexpr double event_frame = 5; // "- name: …"
constexpr double background_heading = 16;
constexpr double rounds_note = 47;       // "This is chance 1 of 3 …"
constexpr double coalition_outcome = 47; // "Not all accepted: …"
constexpr double coherence_extra = 60;   // to the wording of a check
constexpr double access_extra = 69;
constexpr double duration_frame = 24; // "One turn stands for ….\n\n"

constexpr double category_frame = 3;

// A reply that could not be read is shown again, with the reason.
constexpr double repair_frame = 260;
constexpr double repaired_reply_max = 4'000;

} // namespace

OwnWording wording_of(CallKind kind) {
  switch (kind) {
  case CallKind::decision:
    return {858, 379, 170};
  case CallKind::world_update:
    return {1'408, 268, 165};
  case CallKind::talk_offer:
    return {788, 247, 220};
  case CallKind::talk_answer:
    return {515, 166, 126};
  case CallKind::coalition_proposal:
    return {842, 266, 230};
  case CallKind::coalition_answer:
    return {689, 233, 185};
  case CallKind::coalition_word:
    return {551, 112, 102};
  case CallKind::summary:
    return {755, 112, 92};
  case CallKind::metric:
    return {568, 117, 88};
  case CallKind::check:
    break;
  }
  return {990, 289, 196};
}

PromptSizes::PromptSizes(const ScenarioSpec& scenario, ReplySizes replies,
                         const Habits& habits)
  : scenario_(scenario), replies_(std::move(replies)), habits_(habits) {
  const auto& participants = scenario_.participants;
  for (const auto& participant : participants) {
    names_.push_back(
      size_of(participant.name.empty() ? participant.id : participant.name));
    roster_ += names_.back() + 2; // ", "
    name_ += names_.back();
    personas_.push_back(persona_size(scenario_, participant));
  }
  if (!participants.empty())
    name_ = name_ * (1 / static_cast<double>(participants.size()));
  initial_world_ = size_of(json_quote(trim(scenario.initial_world_state)))
                   + (record_frame - 2) + world_name;
  for (const auto& text : scenario.background)
    background_ +=
      record(size_of(text.name), 0) + size_of(json_quote(text.text));
  if (!scenario.background.empty())
    background_ += TextSize{background_heading, 0};
  for (std::size_t i = 0; i < participants.size(); ++i) {
    talks_.push_back(talks_seen(i));
    coalitions_.push_back(coalitions_seen(i));
    all_private_ += talks_opened(i) + coalition_opened(i);
  }
}

bool PromptSizes::has_phase(CallKind kind) const {
  return std::ranges::find(scenario_.phases, phase_of(kind))
         != scenario_.phases.end();
}

double PromptSizes::others() const {
  return std::max(static_cast<double>(names_.size()) - 1, 0.0);
}

double PromptSizes::mean(const std::vector<ReplySize>& sizes) const {
  double sum = 0;
  for (const auto& size : sizes)
    sum += size.kept;
  return sizes.empty() ? 0 : sum / static_cast<double>(sizes.size());
}

TextSize PromptSizes::record(const TextSize& from, double text) const {
  return from + (record_frame + text);
}

TextSize PromptSizes::private_record(const TextSize& from, double recipients,
                                     double text) const {
  return from + (name_ + item_frame) * recipients
         + (record_frame + recipient_frame + text);
}

/// Both words of each talk that `index` opens.
TextSize PromptSizes::talks_opened(std::size_t index) const {
  if (!has_phase(CallKind::talk_offer) || others() < 1)
    return {};
  return (private_record(name_, 1, replies_.offers[index].kept)
          + private_record(name_, 1, mean(replies_.answers)))
         * (habits_.talk * scenario_.talks_per_turn);
}

/// Those and both words of each talk that `index` is drawn into.
TextSize PromptSizes::talks_seen(std::size_t index) const {
  if (!has_phase(CallKind::talk_offer) || others() < 1)
    return {};
  // Whom an offer is for is nobody's habit: all may turn to one.
  const auto invited = habits_.usual ? habits_.talk : others();
  const auto joined = private_record(name_, 1, mean(replies_.offers))
                      + private_record(name_, 1, replies_.answers[index].kept);
  return talks_opened(index) + joined * (invited * scenario_.talks_per_turn);
}

/// The proposals that `index` makes or is named in, the answers it gets and
/// gives, and the words of the coalitions it is in.
TextSize PromptSizes::coalitions_seen(std::size_t index) const {
  if (!has_phase(CallKind::coalition_proposal) || !scenario_.coalitions
      || others() < 2)
    return {};
  const auto named = habits_.invite * others();
  const auto verdict = private_record(name_, 1, mean(replies_.verdicts));
  const auto outcome = private_record(name_, named + 1, coalition_outcome);
  const auto own = private_record(name_, named, replies_.proposals[index].kept)
                   + verdict * named + outcome;
  const auto of_others =
    private_record(name_, named, mean(replies_.proposals)) + verdict + outcome;
  const auto joined = habits_.invite * others();
  const auto words = private_record(name_, named, mean(replies_.words))
                     * (habits_.form * (named + 1) * (1 + joined));
  return (own + of_others * joined + words) * habits_.propose;
}

/// All words of the coalition that `index` proposes, each once.
TextSize PromptSizes::coalition_opened(std::size_t index) const {
  if (!has_phase(CallKind::coalition_proposal) || !scenario_.coalitions
      || others() < 2)
    return {};
  const auto named = habits_.invite * others();
  return (private_record(name_, named, replies_.proposals[index].kept)
          + private_record(name_, 1, mean(replies_.verdicts)) * named
          + private_record(name_, named, mean(replies_.words))
              * (habits_.form * (named + 1)))
         * habits_.propose;
}

TextSize PromptSizes::actions() const {
  TextSize sum;
  for (std::size_t i = 0; i < names_.size(); ++i)
    sum += record(names_[i], replies_.decisions[i].kept);
  return sum;
}

/// The record of the world that a turn starts from.
TextSize PromptSizes::world_before(std::int32_t turn) const {
  return turn <= 1 ? initial_world_
                   : record({world_name, 0}, replies_.world.kept);
}

TextSize PromptSizes::heading() const {
  auto size = size_of(scenario_.name) + roster_;
  if (!scenario_.turn_duration.empty())
    size += size_of(scenario_.turn_duration) + duration_frame;
  return size;
}

/// Everything that all prompts of a participant hold.
TextSize PromptSizes::participant_prompt(std::size_t index, std::int32_t turn,
                                         CallKind kind) const {
  auto size = personas_[index] + heading() + names_[index] + background_
              + wording(kind) + world_before(turn);
  const auto window = std::max(scenario_.context_window_size, 0);
  const auto first = std::max(turn - window, 0); // oldest turn shown
  // Turn 0 has a world and nothing else; the newest world is no history.
  const auto acted = static_cast<double>(turn - std::max(first, 1));
  const auto worlds = static_cast<double>(std::max(turn - 1 - first, 0));
  size += (actions() + talks_[index] + coalitions_[index]) * acted;
  if (worlds > 0) {
    const bool whole = first == 0;
    size += world_before(2) * (worlds - (whole ? 1 : 0));
    if (whole)
      size += initial_world_;
  }
  if (acted > 0 || worlds > 0 || first > 0)
    size += TextSize{past_heading, 0};
  if (first > 0)
    size += TextSize{left_out_note, 0};
  if (first > 0 && has_phase(CallKind::summary))
    size += record({world_name, 0}, replies_.summary.kept);
  if (const auto stated = std::min(turn - 1, goal_turns); stated > 0)
    size +=
      (names_[index] + (goals_frame + replies_.decisions[index].goals)) * stated
      + goals_heading;
  return size;
}

TextSize PromptSizes::decision(std::size_t index, std::int32_t turn) const {
  auto size = participant_prompt(index, turn, CallKind::decision);
  const auto said = talks_[index] + coalitions_[index];
  return said.bytes > 0 ? size + said + private_heading : size;
}

/// Names of the others, in a question and in its schema.
TextSize PromptSizes::others_named(std::size_t index) const {
  // A schema's bytes weigh three times as much in the ledger's bound.
  const double times = scenario_.v1_prompts ? 1 : habits_.usual ? 2 : 4;
  const auto own = names_[index];
  return TextSize{(roster_.bytes - own.bytes) * times,
                  (roster_.non_ascii - own.non_ascii) * times};
}

TextSize PromptSizes::talk_offer(std::size_t index, std::int32_t turn) const {
  auto size =
    participant_prompt(index, turn, CallKind::talk_offer) + others_named(index);
  // Earlier rounds of the turn: half of them on average, all but one at most.
  const auto rounds = scenario_.talks_per_turn;
  if (rounds < 2)
    return size;
  const auto earlier = (rounds - 1) * (habits_.usual ? 0.5 : 1.0) / rounds;
  return size + talks_[index] * earlier + (private_heading + rounds_note);
}

TextSize PromptSizes::talk_answer(std::size_t index, std::int32_t turn) const {
  const auto wordings =
    wording(CallKind::talk_answer) - wording(CallKind::talk_offer);
  return talk_offer(index, turn) + wordings + name_
         + private_record(name_, 1, mean(replies_.offers));
}

TextSize PromptSizes::coalition_proposal(std::size_t index,
                                         std::int32_t turn) const {
  const auto size =
    participant_prompt(index, turn, CallKind::coalition_proposal)
    + others_named(index);
  return talks_[index].bytes > 0 ? size + talks_[index] + private_heading
                                 : size;
}

/// @param words  of its members so far
TextSize PromptSizes::coalition_section(double words) const {
  const auto members = habits_.invite * others();
  return name_ * (members + 3) + 2 * members
         + private_record(name_, members, mean(replies_.proposals))
         + private_record(name_, members, mean(replies_.words)) * words;
}

TextSize PromptSizes::coalition_answer(std::size_t index,
                                       std::int32_t turn) const {
  return participant_prompt(index, turn, CallKind::coalition_answer)
         + talks_[index] + private_heading + coalition_section(0);
}

TextSize PromptSizes::coalition_word(std::size_t index,
                                     std::int32_t turn) const {
  const auto members = habits_.invite * others();
  const auto verdicts =
    private_record(name_, 1, mean(replies_.verdicts)) * members;
  // The words before one's own: half of them on average.
  return participant_prompt(index, turn, CallKind::coalition_word)
         + talks_[index] + verdicts + private_heading
         + coalition_section(members * (habits_.usual ? 0.5 : 1.0));
}

TextSize PromptSizes::events() const {
  TextSize sum;
  for (const auto& event : scenario_.events)
    sum += (size_of(event.name) + size_of(event.description) + event_frame)
           * share_of_turns(event, scenario_, habits_);
  return scenario_.events.empty() ? sum : sum + events_heading;
}

TextSize PromptSizes::world_update(std::int32_t turn) const {
  return size_of(scenario_.name) + heading() + world_before(turn) + actions()
         + events() + wording(CallKind::world_update);
}

TextSize PromptSizes::summary(std::int32_t turn) const {
  // The turn that leaves the window, and what was told of those before it.
  const auto leaving = turn - std::max(scenario_.context_window_size, 0);
  const auto size = size_of(scenario_.name) * 2 + wording(CallKind::summary)
                    + world_before(leaving);
  return leaving > 1
           ? size + actions() + record({world_name, 0}, replies_.summary.kept)
           : size;
}

TextSize PromptSizes::check(const CheckSpec& check, std::size_t index,
                            std::int32_t turn) const {
  auto size = size_of(scenario_.name) + size_of(check.description)
              + size_of(check.prompt_template) + wording(CallKind::check)
              + world_before(turn);
  if (scenario_.validation)
    size += size_of(scenario_.validation->rules);
  if (check.kind == CheckKind::world_coherence)
    return size + world_before(2) + actions() + events() + coherence_extra;
  const auto& decision = replies_.decisions[index];
  size += record(names_[index], decision.thought)
          + record(names_[index], decision.kept);
  if (check.kind == CheckKind::decision_consistency)
    return size + personas_[index] + record(names_[index], 0);
  // What the others know, and all private words of the window.
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (i != index)
      size +=
        labelled(scenario_.participants[i].private_information, record_frame)
        + names_[i];
  // What everybody knows, too: the moves and worlds of the window.
  const auto shown =
    std::max(std::min(turn, scenario_.context_window_size + 1), 1);
  return size + all_private_ * shown
         + (actions() + world_before(2)) * (shown - 1) + access_extra;
}

TextSize PromptSizes::metric(const MetricSpec& metric,
                             std::size_t index) const {
  auto size = size_of(scenario_.name) + size_of(metric.prompt)
              + size_of(metric.description) + size_of(metric.name)
              + wording(CallKind::metric);
  for (const auto& category : metric.categories)
    size += size_of(category) * 2 + category_frame;
  if (metric.per_participant) {
    const auto& decision = replies_.decisions[index];
    size += record(names_[index], decision.kept);
    return metric.reads_actions
             ? size
             : size + record(names_[index], decision.thought);
  }
  size += world_before(2);
  return metric.reads_actions ? size + actions() : size;
}

double PromptSizes::wording(CallKind kind) const {
  const auto own = wording_of(kind);
  return scenario_.v1_prompts ? own.prompt - own.form : own.prompt;
}

double PromptSizes::schema(CallKind kind) const {
  return scenario_.v1_prompts ? 0 : wording_of(kind).schema;
}

double PromptSizes::repair(const ReplySize& reply) const {
  return repair_frame + std::min(reply.whole, repaired_reply_max);
}

} // namespace lab::sweeps
