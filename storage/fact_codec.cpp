#include "storage/fact_codec.hpp"

#include <array>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/model/names.hpp"
#include "storage/json_text.hpp"

namespace lab::storage {

// --- Fields of every stored struct, in their order --------------------------
// Found by argument-dependent look-up through the writer and the reader, so in
// their namespace. Add fields at the end; never change or remove one.
// docs/formats/journal.md lists the keys.

template <class F>
void describe(F& f, Charge& x) {
  f("pico_usd", x.usd)("calls", x.calls)("tokens", x.tokens);
}
template <class F>
void describe(F& f, Limit& x) {
  f("pico_usd", x.usd)("calls", x.calls)("tokens", x.tokens);
}
template <class F>
void describe(F& f, CallOwner& x) {
  f("run", x.run)("sweep", x.sweep)("point", x.point)("user", x.user);
  f("scope", x.scope);
}
template <class F>
void describe(F& f, Place& x) {
  f("turn", x.turn)("phase", x.phase)("actor", x.participant);
  f("ordinal", x.ordinal);
}
template <class F>
void describe(F& f, Usage& x) {
  f("input", x.input)("cached", x.cached_input)("cache_write", x.cache_write);
  f("output", x.output);
}
template <class F>
void describe(F& f, Reply& x) {
  f("text", x.text)("finish", x.finish)("model", x.served_model);
  f("usage", x.usage);
}
template <class F>
void describe(F& f, RunTicket& x) {
  f("run", x.run)("name", x.name)("point", x.point)("index", x.point_index);
  f("replicate", x.replicate)("seed", x.seed);
}

template <class F>
void describe(F& f, ParticipantSpec& x) {
  f("id", x.id)("name", x.name)("model", x.model)("control", x.control);
  f("system_prompt", x.system_prompt)("role", x.role);
  f("description", x.description)("goals", x.goals);
  f("constraints", x.constraints)("expertise", x.expertise);
  f("decision_style", x.decision_style);
  f("communication_style", x.communication_style);
  f("traits", x.personality_traits)("private", x.private_information);
  f("sim", x.sim)("deadline_s", x.deadline_s)("on_timeout", x.on_timeout);
  f("preferred_coalitions", x.preferred_coalitions);
  f("response_format", x.response_format);
}
template <class F>
void describe(F& f, MetricSpec& x) {
  f("name", x.name)("description", x.description)("unit", x.unit);
  f("type", x.type)("extraction", x.extraction)("patterns", x.patterns);
  f("keywords", x.keywords)("scoring", x.scoring)("prompt", x.prompt);
  f("model", x.model)("categories", x.categories)("range", x.range);
  f("warning", x.warning_threshold)("critical", x.critical_threshold);
  f("per_actor", x.per_participant)("actor", x.participant);
  f("reads_actions", x.reads_actions);
}
template <class F>
void describe(F& f, EventCondition& x) {
  f("metric", x.metric)("comparison", x.comparison)("value", x.value);
  f("patterns", x.patterns);
}
template <class F>
void describe(F& f, EventSpec& x) {
  f("name", x.name)("description", x.description)("type", x.type);
  f("first_turn", x.first_turn)("last_turn", x.last_turn)("every", x.every);
  f("turns", x.turns)("probability", x.probability);
  f("conditions", x.conditions)("once", x.once);
}
template <class F>
void describe(F& f, CheckSpec& x) {
  f("kind", x.kind)("severity", x.severity)("description", x.description);
  f("prompt", x.prompt_template);
}
template <class F>
void describe(F& f, ValidationSpec& x) {
  f("model", x.model)("checks", x.checks)("every_turn", x.every_turn);
  f("turn_reports", x.turn_reports)("summary_report", x.summary_report);
  f("halt_on_critical", x.halt_on_critical);
  f("issues_before_halt", x.issues_before_halt)("rules", x.rules);
  f("actions", x.actions);
}
template <class F>
void describe(F& f, PauseSpec& x) {
  f("phase", x.phase)("before", x.before)("turn", x.turn);
}
template <class F>
void describe(F& f, BackgroundText& x) {
  f("name", x.name)("text", x.text);
}
template <class F>
void describe(F& f, ParameterSpec& x) {
  f("name", x.name)("help", x.help)("value", x.value)("words", x.words);
  f("number", x.number);
}
template <class F>
void describe(F& f, ScenarioSpec& x) {
  f("id", x.id)("name", x.name)("description", x.description);
  f("system_prompt", x.system_prompt)("world", x.initial_world_state);
  f("turn_duration", x.turn_duration)("turns", x.turns);
  f("context_window", x.context_window_size);
  f("world_model", x.world_state_model)("actors", x.participants);
  f("metrics", x.metrics)("parameters", x.parameters)("phases", x.phases);
  f("v1_prompts", x.v1_prompts)("output_caps", x.output_caps);
  f("temperature", x.temperature)("sim", x.sim)("content", x.content);
  f("end_condition", x.end_condition)("summaries", x.summaries);
  f("summary_model", x.summary_model)("background", x.background);
  f("talks_per_turn", x.talks_per_turn)("coalitions", x.coalitions);
  f("events", x.events)("validation", x.validation)("pauses", x.pauses);
}

template <class F>
void describe(F& f, Decision& x) {
  f("actor", x.participant)("long_term", x.long_term_goals);
  f("short_term", x.short_term_priorities)("reasoning", x.reasoning);
  f("action", x.action)("raw", x.raw)("repaired", x.repaired);
  f("by", x.by)("timed_out", x.timed_out);
}
template <class F>
void describe(F& f, MetricValue& x) {
  f("metric", x.metric)("actor", x.participant)("status", x.status);
  f("number", x.number)("text", x.text)("level", x.level);
  f("raw", x.raw);
}
template <class F>
void describe(F& f, Message& x) {
  f("channel", x.channel)("sender", x.sender)("recipients", x.recipients);
  f("text", x.text)("raw", x.raw);
}
template <class F>
void describe(F& f, FiredEvent& x) {
  f("name", x.name)("description", x.description)("type", x.type);
}
template <class F>
void describe(F& f, Talk& x) {
  f("initiator", x.initiator)("target", x.target)("message", x.message);
  f("reasoning", x.reasoning)("ask_raw", x.ask_raw)("answer", x.answer);
  f("notes", x.notes)("answer_raw", x.answer_raw);
}
template <class F>
void describe(F& f, CoalitionAnswer& x) {
  f("actor", x.participant)("accepted", x.accepted)("response", x.response);
  f("notes", x.notes)("raw", x.raw);
}
template <class F>
void describe(F& f, CoalitionProposal& x) {
  f("proposer", x.proposer)("members", x.members)("purpose", x.purpose);
  f("reasoning", x.reasoning)("raw", x.raw)("answers", x.answers);
  f("formed", x.formed)("repeated", x.repeated);
}
template <class F>
void describe(F& f, CheckResult& x) {
  f("kind", x.kind)("actor", x.participant)("verdict", x.verdict);
  f("severity", x.severity)("issues", x.issues);
  f("explanation", x.explanation)("raw", x.raw);
}
template <class F>
void describe(F& f, TurnRecord& x) {
  f("turn", x.turn)("world", x.world)("changes", x.key_changes);
  f("consequences", x.consequences)("world_raw", x.world_raw);
  f("decisions", x.decisions)("messages", x.messages)("events", x.events);
  f("metrics", x.metrics)("talks", x.talks)("coalitions", x.coalitions);
  f("checks", x.checks)("summary", x.summary)("halt", x.halt);
  f("summary_raw", x.summary_raw);
}

template <class F>
void describe(F& f, CallReserved& x) {
  f("attempt", x.attempt)("number", x.number)("owner", x.owner);
  f("place", x.place)("fingerprint", x.fingerprint)("outline", x.outline);
  f("provider", x.provider)("model", x.model)("price", x.price_id);
  f("worst", x.worst)("at", x.at);
}
template <class F>
void describe(F& f, CallResolved& x) {
  f("attempt", x.attempt)("resolution", x.resolution)("charge", x.charge);
  f("overrun", x.overrun)("usage", x.usage)("reason", x.reason);
  f("latency_ms", x.latency_ms)("reply", x.reply_hash);
}
template <class F>
void describe(F& f, CallShared& x) {
  f("run", x.run)("place", x.place)("fingerprint", x.fingerprint);
  f("source", x.source);
}
template <class F>
void describe(F& f, LimitSet& x) {
  f("account", x.account)("limit", x.limit)("by", x.by)("reason", x.reason);
  f("warn_at", x.warn_at);
}
template <class F>
void describe(F& f, PriceRecorded& x) {
  f("price", x.price_id)("row", x.row);
}
template <class F>
void describe(F& f, SweepPlanned& x) {
  f("sweep", x.sweep)("name", x.name)("about", x.about);
  f("scenario", x.scenario)("manifest", x.manifest)("points", x.points);
  f("replicates", x.replicates)("factors", x.factors)("output", x.output);
  f("simulated", x.simulated)("runs", x.runs);
}
template <class F>
void describe(F& f, TurnCompleted& x) {
  f("run", x.run)("record", x.record);
}
template <class F>
void describe(F& f, PausePlace& x) {
  f("turn", x.turn)("step", x.step);
}
template <class F>
void describe(F& f, RunEnded& x) {
  auto& end = x.outcome;
  f("run", end.run)("status", end.status)("code", end.code);
  f("reason", end.reason)("turns", end.turns_completed);
  f("by_phase", end.by_phase)("paused", end.paused);
}
template <class F>
void describe(F& f, SweepEnded& x) {
  f("sweep", x.sweep)("status", x.status)("reason", x.reason);
}
template <class F>
void describe(F& f, Recovered& x) {
  f("attempts", x.attempts)("pico_usd", x.unknown);
}

template <class F>
void describe(F& f, CanaryReply& x) {
  f("model", x.served)("text", x.text);
}
template <class F>
void describe(F& f, ModelChecked& x) {
  auto& check = x.check;
  f("sweep", x.sweep)("model", check.model)("number", check.number);
  f("began", check.began)("ended", check.ended)("digest", check.digest)(
    "replies", check.replies);
  f("stratum", x.drift.stratum)("changed", x.drift.changed);
  f("why", x.drift.why);
}

template <class F>
void describe(F& f, ControlChange& x) {
  f("actor", x.participant)("from_turn", x.from_turn)("control", x.control);
}
template <class F>
void describe(F& f, RunStarted& x) {
  f("run", x.run)("controls", x.controls);
}
template <class F>
void describe(F& f, InheritedTurns& x) {
  f("run", x.run)("last_turn", x.last_turn)("seed", x.seed);
}

/// A run as it is stored: its scenario stands elsewhere, under its content.
struct StoredRun {
  RunSpec spec;
  Digest256 content{};
};

template <class F>
void describe(F& f, StoredRun& x) {
  auto& run = x.spec;
  f("run", run.id)("name", run.name)("sweep", run.sweep)("point", run.point);
  f("replicate", run.replicate)("seed", run.seed)("end_turn", run.end_turn);
  f("branch_from", run.branch_from)("branch_turn", run.branch_turn);
  f("branch_seed", run.branch_seed)("user", run.user)("scope", run.scope);
  f("replay", run.replay)("factors", run.factors)("output", run.output);
  f("simulated", run.simulated)("scenario", x.content);
  f("controls", run.controls)("branch_roots", run.branch_roots);
  f("pauses", run.pauses)("past_halt", run.past_halt);
}

// --- Names of enumerators
// -----------------------------------------------------

namespace {

/// Names in the order of the enumerators, which count from `First`.
template <class E, std::size_t Count, int First = 0>
struct NameTable {
  std::array<std::string_view, Count> names;

  std::string_view text(E value) const {
    return names.at(static_cast<std::size_t>(static_cast<int>(value) - First));
  }
  std::optional<E> value(std::string_view name) const {
    for (std::size_t i = 0; i < Count; ++i)
      if (names[i] == name)
        return static_cast<E>(static_cast<int>(i) + First);
    return std::nullopt;
  }
};

constexpr NameTable<MetricType, 5> metric_type_names{
  {"continuous", "integer", "boolean", "categorical", "text"}};
constexpr NameTable<Extraction, 4> extraction_names{
  {"pattern", "keyword", "llm", "manual"}};
constexpr NameTable<Scoring, 3> scoring_names{{"count", "presence", "density"}};
constexpr NameTable<OnTimeout, 3> on_timeout_names{{"wait", "ai", "skip"}};
constexpr NameTable<Comparison, 6> comparison_names{
  {"<", "<=", "==", "!=", ">=", ">"}};
constexpr NameTable<IssueAction, 3> issue_action_names{{"log", "warn", "halt"}};
constexpr NameTable<FactKind, 13, 1> kind_names{
  {"call_reserved", "call_resolved", "call_shared", "limit_set",
   "price_recorded", "sweep_planned", "run_planned", "run_started",
   "turn_completed", "run_ended", "sweep_ended", "recovered", "model_checked"}};
static_assert(std::variant_size_v<Fact> == kind_names.names.size());

} // namespace

/// Of types whose names others need too.
template <class E>
struct SharedNames {
  static std::string_view text(E x) { return lab::to_string(x); }
  static auto value(std::string_view x) { return enum_from<E>(x); }
};

template <>
struct EnumText<Control> : SharedNames<Control> {};
template <>
struct EnumText<MetricType> {
  static std::string_view text(MetricType x) {
    return metric_type_names.text(x);
  }
  static auto value(std::string_view x) { return metric_type_names.value(x); }
};
template <>
struct EnumText<Extraction> {
  static std::string_view text(Extraction x) {
    return extraction_names.text(x);
  }
  static auto value(std::string_view x) { return extraction_names.value(x); }
};
template <>
struct EnumText<Scoring> {
  static std::string_view text(Scoring x) { return scoring_names.text(x); }
  static auto value(std::string_view x) { return scoring_names.value(x); }
};
template <>
struct EnumText<MetricStatus> : SharedNames<MetricStatus> {};
template <>
struct EnumText<OnTimeout> {
  static std::string_view text(OnTimeout x) { return on_timeout_names.text(x); }
  static auto value(std::string_view x) { return on_timeout_names.value(x); }
};
template <>
struct EnumText<EventType> : SharedNames<EventType> {};
template <>
struct EnumText<Comparison> {
  static std::string_view text(Comparison x) {
    return comparison_names.text(x);
  }
  static auto value(std::string_view x) { return comparison_names.value(x); }
};
template <>
struct EnumText<CheckKind> : SharedNames<CheckKind> {};
template <>
struct EnumText<IssueSeverity> : SharedNames<IssueSeverity> {};
template <>
struct EnumText<IssueAction> {
  static std::string_view text(IssueAction x) {
    return issue_action_names.text(x);
  }
  static auto value(std::string_view x) { return issue_action_names.value(x); }
};
template <>
struct EnumText<MetricLevel> : SharedNames<MetricLevel> {};
template <>
struct EnumText<CheckVerdict> : SharedNames<CheckVerdict> {};
template <>
struct EnumText<Resolution> {
  static std::string_view text(Resolution x) { return to_string(x); }
  static auto value(std::string_view x) { return resolution_from(x); }
};
template <>
struct EnumText<FinishReason> {
  static std::string_view text(FinishReason x) { return to_string(x); }
  static std::optional<FinishReason> value(std::string_view x) {
    return finish_reason_from(x);
  }
};
template <>
struct EnumText<RunStatus> {
  static std::string_view text(RunStatus x) { return to_string(x); }
  static std::optional<RunStatus> value(std::string_view x) {
    return run_status_from(x);
  }
};
template <>
struct EnumText<Errc> {
  static std::string_view text(Errc x) { return to_string(x); }
  static std::optional<Errc> value(std::string_view x) { return errc_from(x); }
};

// --- Facts
// --------------------------------------------------------------------

namespace {

template <class T>
Result<T> read_text(std::string_view text, std::string_view what) {
  T value;
  JsonReader reader{text};
  reader.document(value);
  if (!reader.error().empty())
    return fail(Errc::journal_corrupt,
                std::string{what} + ": " + reader.error());
  return value;
}

/// Reads the variant's alternative number `Index` + 1, or tries the next one.
template <std::size_t Index = 0>
Result<Fact> read_fact(FactKind kind, std::string_view text) {
  if constexpr (Index == std::variant_size_v<Fact>) {
    return fail(Errc::journal_corrupt,
                "no such kind of fact: "
                  + std::to_string(static_cast<int>(kind)));
  } else {
    using T = std::variant_alternative_t<Index, Fact>;
    if (static_cast<std::size_t>(kind) != Index + 1)
      return read_fact<Index + 1>(kind, text);
    if constexpr (std::is_same_v<T, RunPlanned>) {
      LAB_CHECK(false, "a RunPlanned is read with its scenario");
      return Fact{};
    } else {
      LAB_TRY(auto value, read_text<T>(text, to_string(kind)));
      return Fact{std::move(value)};
    }
  }
}

Result<Fact> read_run(std::string_view text, const ScenarioFinder& scenario) {
  LAB_TRY(auto stored,
          read_text<StoredRun>(text, to_string(FactKind::run_planned)));
  LAB_TRY(stored.spec.scenario, scenario(stored.content));
  return Fact{RunPlanned{std::move(stored.spec)}};
}

} // namespace

FactKind kind_of(const Fact& fact) {
  return static_cast<FactKind>(fact.index() + 1);
}

std::string_view to_string(FactKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number >= 1 && number <= kind_names.names.size()
           ? kind_names.text(kind)
           : std::string_view{};
}

void encode_fact(const Fact& fact, std::string& out) {
  JsonWriter writer{out};
  std::visit(
    [&]<class T>(const T& value) {
      if constexpr (std::is_same_v<T, RunPlanned>)
        writer.object(StoredRun{value.spec, value.spec.scenario->content});
      else
        writer.object(value);
    },
    fact);
}

Result<Fact> decode_fact(FactKind kind, std::string_view text,
                         const ScenarioFinder& scenario) {
  if (kind == FactKind::run_planned)
    return read_run(text, scenario);
  return read_fact(kind, text);
}

std::string encode_scenario(const ScenarioSpec& scenario) {
  std::string out;
  JsonWriter{out}.object(scenario);
  return out;
}

Result<ScenarioSpec> decode_scenario(std::string_view text) {
  return read_text<ScenarioSpec>(text, "scenario");
}

std::string encode_reply(const Reply& reply) {
  std::string out;
  JsonWriter{out}.object(reply);
  return out;
}

Result<Reply> decode_reply(std::string_view text) {
  return read_text<Reply>(text, "reply");
}

} // namespace lab::storage
