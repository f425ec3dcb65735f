#include "tests/unit/storage/facts.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace lab::storage::testing {

std::int64_t RandomFacts::integer() {
  switch (number() % 6) {
  case 0:
    return 0;
  case 1:
    return std::numeric_limits<std::int64_t>::max();
  case 2:
    return -static_cast<std::int64_t>(number() % 1'000'000);
  default:
    return static_cast<std::int64_t>(number() >> (number() % 60));
  }
}

double RandomFacts::real() {
  return std::ldexp(static_cast<double>(integer()),
                    static_cast<int>(number() % 40) - 20);
}

std::string RandomFacts::text() {
  static constexpr std::array<const char*, 10> pieces{"",
                                                      "plain words",
                                                      "\"quoted\"",
                                                      "back\\slash",
                                                      "line\nline\ttab\r",
                                                      "Größe",
                                                      "\u65E5\u672C",
                                                      "\U0001F600",
                                                      "\x01\x1F\x7F",
                                                      "\xFF\xC3(\xED\xA0\x80"};
  std::string out;
  for (auto i = number() % 5; i > 0; --i)
    out += pieces[number() % pieces.size()];
  return out;
}

std::string RandomFacts::word() {
  std::string out;
  for (auto i = number() % 9; i > 0; --i)
    out += static_cast<char>('a' + number() % 26);
  return out;
}

Digest128 RandomFacts::digest() {
  return coin() ? Digest128{number(), number()} : Digest128{};
}

Digest256 RandomFacts::digest_long() {
  Digest256 out{};
  for (auto& byte : out)
    byte = static_cast<std::uint8_t>(number());
  return out;
}

Charge RandomFacts::charge() {
  return {Money{integer()}, integer(), integer()};
}

Place RandomFacts::place() { return {small(), word(), word(), small()}; }

Reply RandomFacts::reply() {
  return {text(), static_cast<FinishReason>(number() % 4), word(),
          Usage{integer(), integer(), integer(), integer()}};
}

ScenarioSpec RandomFacts::scenario() {
  ScenarioSpec x;
  x.id = word();
  x.name = text();
  x.description = text();
  x.system_prompt = text();
  x.initial_world_state = text();
  x.turn_duration = text();
  x.turns = small();
  x.end_condition = text();
  x.context_window_size = small();
  x.summaries = coin();
  x.summary_model = word();
  x.background = some([&] { return BackgroundText{word(), text()}; });
  x.talks_per_turn = small();
  x.coalitions = coin();
  x.world_state_model = word();
  x.participants = some([&] {
    ParticipantSpec p;
    p.id = word();
    p.name = text();
    p.model = text();
    p.control = static_cast<Control>(number() % 3);
    p.deadline_s = integer();
    p.on_timeout = static_cast<OnTimeout>(number() % 3);
    p.system_prompt = text();
    p.role = text();
    p.description = text();
    p.goals = some([&] { return text(); });
    p.constraints = some([&] { return text(); });
    p.expertise = some([&] { return std::pair{text(), text()}; });
    p.decision_style = text();
    p.communication_style = text();
    p.personality_traits = some([&] { return text(); });
    p.preferred_coalitions = some([&] { return text(); });
    p.private_information = text();
    p.response_format = text();
    p.sim = {{word(), real()}, {text(), real()}};
    return p;
  });
  x.metrics = some([&] {
    MetricSpec m;
    m.name = word();
    m.description = text();
    m.unit = text();
    m.type = static_cast<MetricType>(number() % 5);
    m.extraction = static_cast<Extraction>(number() % 4);
    m.patterns = some([&] { return text(); });
    m.keywords = some([&] { return text(); });
    m.scoring = static_cast<Scoring>(number() % 3);
    m.prompt = text();
    m.model = word();
    m.categories = some([&] { return text(); });
    if (coin())
      m.range = std::pair{real(), real()};
    if (coin())
      m.warning_threshold = real();
    if (coin())
      m.critical_threshold = 0.0;
    m.per_participant = coin();
    m.participant = word();
    m.reads_actions = coin();
    return m;
  });
  x.events = some([&] { return event(); });
  if (coin())
    x.validation = validation();
  x.pauses = some([&] { return PauseSpec{word(), coin(), small()}; });
  x.parameters = some([&] {
    ParameterSpec p{word(), text(), text(), text(), {}};
    if (coin())
      p.number = real();
    return p;
  });
  x.phases = some([&] { return word(); });
  x.v1_prompts = coin();
  x.output_caps = {{"", integer()}, {word(), integer()}};
  x.temperature = word();
  x.sim = {{word(), real()}};
  x.content = digest_long();
  return x;
}

EventSpec RandomFacts::event() {
  EventSpec x;
  x.name = text();
  x.description = text();
  x.type = static_cast<EventType>(number() % 4);
  x.first_turn = small();
  x.last_turn = small();
  x.every = small();
  x.turns = some([&] { return small(); });
  x.probability = real();
  x.conditions = some([&] {
    return EventCondition{word(), static_cast<Comparison>(number() % 6), real(),
                          some([&] { return text(); })};
  });
  x.once = coin();
  return x;
}

ValidationSpec RandomFacts::validation() {
  ValidationSpec x;
  x.model = word();
  x.checks = some([&] {
    return CheckSpec{static_cast<CheckKind>(number() % 3),
                     static_cast<IssueSeverity>(number() % 3), text(), text()};
  });
  x.every_turn = coin();
  x.turn_reports = coin();
  x.summary_report = coin();
  x.halt_on_critical = coin();
  x.issues_before_halt = small();
  x.rules = text();
  x.actions = {{word(), static_cast<IssueAction>(number() % 3)}};
  return x;
}

TurnRecord RandomFacts::turn() {
  TurnRecord x;
  x.turn = small();
  x.world = text();
  x.key_changes = some([&] { return text(); });
  x.consequences = some([&] { return text(); });
  x.world_raw = text();
  x.decisions = some([&] {
    return Decision{word(),
                    some([&] { return text(); }),
                    some([&] { return text(); }),
                    text(),
                    text(),
                    text(),
                    coin(),
                    static_cast<Control>(number() % 3),
                    coin()};
  });
  x.messages = some([&] {
    return Message{word(), word(), some([&] { return word(); }), text(),
                   text()};
  });
  x.events = some([&] {
    return FiredEvent{text(), text(), static_cast<EventType>(number() % 4)};
  });
  x.metrics = some([&] {
    MetricValue m{word(), word(), static_cast<MetricStatus>(number() % 4),
                  {},     text(), static_cast<MetricLevel>(number() % 3),
                  text()};
    if (coin())
      m.number = real();
    return m;
  });
  x.talks = some([&] {
    return Talk{word(), word(), text(), text(), text(), text(), text(), text()};
  });
  x.coalitions = some([&] {
    CoalitionProposal c;
    c.proposer = word();
    c.members = some([&] { return word(); });
    c.purpose = text();
    c.reasoning = text();
    c.raw = text();
    c.answers = some([&] {
      return CoalitionAnswer{word(), coin(), text(), text(), text()};
    });
    c.formed = coin();
    c.repeated = coin();
    return c;
  });
  x.checks = some([&] {
    return CheckResult{static_cast<CheckKind>(number() % 3),
                       word(),
                       static_cast<CheckVerdict>(number() % 3),
                       static_cast<IssueSeverity>(number() % 3),
                       some([&] { return text(); }),
                       text(),
                       text()};
  });
  x.summary = text();
  x.halt = text();
  x.summary_raw = text();
  return x;
}

std::vector<ControlChange> RandomFacts::controls() {
  return some([&] {
    return ControlChange{word(), small(), static_cast<Control>(number() % 3)};
  });
}

Fact RandomFacts::fact(std::size_t index) {
  const auto attempt = [&] { return AttemptId{digest()}; };
  switch (index) {
  case 0:
    return CallReserved{attempt(),
                        small(),
                        {RunId{number()}, SweepId{coin() ? number() : 0},
                         word(), text(), digest()},
                        place(),
                        Fingerprint{digest()},
                        text(),
                        word(),
                        text(),
                        word(),
                        charge(),
                        integer()};
  case 1:
    return CallResolved{
      attempt(), static_cast<Resolution>(number() % 4 + 1),    charge(),
      coin(),    {integer(), integer(), integer(), integer()}, text(),
      integer(), coin() ? digest_long() : Digest256{}};
  case 2:
    return CallShared{RunId{number()}, place(), Fingerprint{digest()},
                      attempt()};
  case 3: {
    LimitSet x{{static_cast<AccountKind>(number() % 11 + 1), "a" + text()},
               {},
               text(),
               text()};
    if (coin())
      x.limit.usd = Money{integer()};
    if (coin())
      x.limit.calls = 0;
    if (coin())
      x.limit.tokens = integer();
    if (coin())
      x.warn_at = {5'000, 8'000};
    return x;
  }
  case 4:
    return PriceRecorded{word(), text()};
  case 5:
    return SweepPlanned{SweepId{number()},
                        text(),
                        text(),
                        text(),
                        text(),
                        small(),
                        small(),
                        some([&] { return text(); }),
                        text(),
                        coin(),
                        some([&] {
                          return RunTicket{RunId{number()}, word(),  word(),
                                           small(),         small(), number()};
                        })};
  case 6: {
    RunSpec x;
    x.id = RunId{number()};
    x.name = word();
    x.sweep = SweepId{number()};
    x.point = word();
    x.replicate = small();
    x.seed = number();
    x.end_turn = small();
    x.branch_from = RunId{coin() ? number() : 0};
    x.branch_turn = small();
    x.branch_seed = number();
    x.branch_roots = some([&] {
      return InheritedTurns{RunId{number()}, small(), number()};
    });
    x.controls = controls();
    x.pauses = some([&] { return PauseSpec{word(), coin(), small()}; });
    x.past_halt = coin();
    x.user = text();
    x.scope = digest();
    x.replay = coin();
    x.factors = some([&] { return std::pair{word(), text()}; });
    x.output = text();
    x.simulated = coin();
    x.scenario = share(scenario());
    return RunPlanned{x};
  }
  case 7:
    return RunStarted{RunId{number()}, controls()};
  case 8:
    return TurnCompleted{RunId{number()}, turn()};
  case 9: {
    RunOutcome x{RunId{number()},
                 static_cast<RunStatus>(number() % 7),
                 coin() ? Errc::ok : Errc::limit_exhausted,
                 text(),
                 small(),
                 coin()};
    if (coin())
      x.paused = PausePlace{small(), small()};
    return RunEnded{x};
  }

  case 10:
    return SweepEnded{SweepId{number()}, word(), text()};
  case 11:
    return Recovered{small(), Money{integer()}};
  default: {
    ModelChecked x{SweepId{number()},
                   {word(), small(), integer(), integer(), word(), {}},
                   {small(), coin(), text()}};
    for (auto i = number() % 4; i > 0; --i) {
      auto& replies = x.check.replies.emplace_back();
      for (auto j = number() % 4; j > 0; --j)
        replies.push_back({word(), digest()});
    }
    return x;
  }
  }
}

Story::Story(std::uint64_t run, std::string sweep)
  : run_{run}, sweep_{sweep.empty() ? SweepId{} : sweep_id_of(sweep)} {}

RunSpec Story::spec() const {
  ScenarioSpec scenario;
  scenario.id = "veddan-ferry";
  scenario.name = "Veddan Strait Ferry Concession";
  scenario.turn_duration = "2 weeks";
  scenario.turns = 2;
  scenario.initial_world_state = "The contract ends in six months.";
  for (const auto& [id, name] : {std::pair{"council", "Island Council"},
                                 std::pair{"lines", "Nordvik Lines"},
                                 std::pair{"union", "Deckhands' Union"}}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = name;
    participant.model = "sim/persona";
    scenario.participants.push_back(participant);
  }
  MetricSpec tension;
  tension.name = "tension";
  tension.unit = "points";
  scenario.metrics = {tension};
  scenario.world_state_model = "sim/persona";
  scenario.validation = ValidationSpec{};
  scenario.validation->model = "sim/persona";
  scenario.validation->checks = {CheckSpec{}};
  scenario.content = digest256("veddan-ferry");

  RunSpec x;
  x.id = run_;
  x.name = sweep_ ? "p001.r" + std::to_string(run_.value) : to_string(run_);
  x.sweep = sweep_;
  x.point = sweep_ ? "p001" : "";
  x.replicate = static_cast<std::int32_t>(run_.value);
  x.seed = 7;
  x.user = "me";
  x.scope = Digest128{run_.value, 1};
  x.simulated = true;
  x.scenario = share(std::move(scenario));
  return x;
}

TurnRecord Story::turn(int number) const {
  TurnRecord x;
  x.turn = number;
  x.world = "Talks opened, round " + std::to_string(number) + ".";
  x.decisions = {
    {"council",
     {"late sailing"},
     {"votes", "a calm harbour"},
     "Votes matter.",
     "Ask for 23:30.",
     "raw",
     false},
    {"lines", {}, {}, "Fuel is dear.", "Offer 23:00.", "raw", false}};
  x.messages = {{"bilateral", "lines", {"council"}, "Could 23:00 do?"},
                {"bilateral", "council", {"lines"}, "Hardly."}};
  x.events = {{"Fuel price", "Marine fuel grows dearer."}};
  x.metrics = {{"tension", "", MetricStatus::value, 4.5 + number, "4.5"},
               {"tension", "lines", MetricStatus::missing, std::nullopt, ""}};
  return x;
}

TurnRecord Story::busy_turn(int number) const {
  auto x = turn(number);
  x.messages.clear();
  x.summary = "Before, everybody waited.";
  x.key_changes = {"The union sits at the table"};
  x.consequences = {"Fares are open again"};
  x.world_raw = "## CURRENT STATE\nTalks opened.";
  x.decisions[1].by = Control::human;
  x.decisions.push_back(
    {"union", {}, {}, "", "(no move)", "", false, Control::human, true});
  x.metrics.push_back({"tension", "council", MetricStatus::value, 9.5, "9.5",
                       MetricLevel::critical});
  x.events.push_back(
    {"Storm", "The strait is closed.", EventType::conditional});

  x.talks = {{"council", "lines", "Could 23:00 do?", "They want calm.",
              "{\"initiate\":true}", "Hardly.", "We would take it.",
              "{\"response\":\"Hardly.\"}"},
             {"lines", "union", "Join us.", "They are needed.",
              "{\"initiate\":true}", "", "", ""},
             {"union", "", "", "Nobody to talk to.", "{\"initiate\":false}", "",
              "", ""}};
  x.messages = {{"bilateral", "council", {"lines"}, "Could 23:00 do?"},
                {"bilateral", "lines", {"council"}, "Hardly."},
                {"bilateral", "lines", {"union"}, "Join us."}};

  CoalitionProposal formed{"council",
                           {"lines", "union"},
                           "A common timetable",
                           "Two of three suffice.",
                           "{\"propose\":true}",
                           {{"lines", true, "Gladly.", "For now.", "yes"},
                            {"union", true, "", "", "yes"}},
                           true,
                           false};
  CoalitionProposal repeated{"lines",
                             {"council", "union"},
                             "The timetable",
                             "",
                             "{\"propose\":true}",
                             {},
                             false,
                             true};
  CoalitionProposal refused{"union",
                            {"lines"},
                            "Higher wages",
                            "",
                            "{\"propose\":true}",
                            {{"lines", false, "Never.", "Too dear.", "no"}},
                            false,
                            false};
  x.coalitions = {formed, repeated, refused};
  for (const auto& proposal : x.coalitions) {
    x.messages.push_back(
      {"coalition", proposal.proposer, proposal.members, proposal.purpose});
    for (const auto& answer : proposal.answers)
      if (!answer.response.empty())
        x.messages.push_back({"coalition",
                              answer.participant,
                              {proposal.proposer},
                              answer.response});
  }
  x.messages.push_back(
    {"coalition", "union", {"council", "lines"}, "We print it on Monday."});

  x.checks = {{CheckKind::decision_consistency,
               "council",
               CheckVerdict::passed,
               IssueSeverity::low,
               {},
               "In character.",
               "{\"passed\":true}"},
              {CheckKind::decision_consistency,
               "lines",
               CheckVerdict::failed,
               IssueSeverity::high,
               {"It gives up its only aim", "No reason"},
               "Against its goals.",
               "{\"passed\":false}"},
              {CheckKind::world_coherence,
               "",
               CheckVerdict::missing,
               IssueSeverity::medium,
               {},
               "",
               "I cannot say."}};
  x.halt = "validation: 1 critical issue";
  return x;
}

CallReserved Story::reserved(int turn, const std::string& phase,
                             const std::string& participant,
                             std::int64_t worst_pico, int number) const {
  CallReserved x;
  x.place = {turn, phase, participant, 0};
  x.attempt = attempt_id_of(call_key_of(run_, x.place), number);
  x.number = number;
  x.owner = spec().owner();
  x.fingerprint = Fingerprint{{run_.value, 2}};
  x.outline = "model=aaaaaaaaaaaa messages=1 seed=1";
  x.provider = "openai";
  x.model = "openai/gpt-4o-mini";
  x.price_id = "price-1";
  x.worst = {Money{worst_pico}, 1, 2'000};
  x.at = 1'700'000'000'000;
  return x;
}

Reply Story::reply(const std::string& text) const {
  return {text, FinishReason::stop, "gpt-4o-mini", {600, 0, 0, 212}};
}

CallResolved Story::settled(const CallReserved& call, std::int64_t pico,
                            const Reply& answer) const {
  CallResolved x;
  x.attempt = call.attempt;
  x.resolution = Resolution::settled;
  x.charge = {Money{pico}, 1, answer.usage.total()};
  x.usage = answer.usage;
  x.reason = "ok";
  x.latency_ms = 412;
  x.reply_hash = reply_hash_of(answer);
  return x;
}

CallResolved Story::ended(const CallReserved& call, Resolution how) const {
  CallResolved x;
  x.attempt = call.attempt;
  x.resolution = how;
  x.charge = how == Resolution::voided ? Charge{} : call.worst;
  x.reason = "deadline";
  return x;
}

CommitFacts Story::bought(const CallReserved& call, std::int64_t pico) const {
  const auto answer = reply("We hear you at " + to_string(call.place));
  return {{settled(call, pico, answer)}, {{call.attempt, answer}}};
}

} // namespace lab::storage::testing
