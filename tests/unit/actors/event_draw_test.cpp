#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/events/event_draw.hpp"

namespace lab::actors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

EventSpec event_of(std::string name, EventType type) {
  EventSpec event;
  event.name = std::move(name);
  event.description = event.name + " happens.";
  event.type = type;
  if (type == EventType::scheduled)
    event.turns = {3};
  return event;
}

EventCondition trust_is(Comparison comparison, double value) {
  EventCondition condition;
  condition.metric = "trust";
  condition.comparison = comparison;
  condition.value = value;
  return condition;
}

ScenarioSpec scenario_of(std::vector<EventSpec> events) {
  ScenarioSpec scenario;
  scenario.turns = 100;
  MetricSpec metric;
  metric.name = "trust";
  scenario.metrics = {metric};
  scenario.events = std::move(events);
  return scenario;
}

EventDraw compiled(const ScenarioSpec& scenario) {
  auto draw = EventDraw::compile(scenario);
  EXPECT_TRUE(draw) << to_string(draw.error());
  return draw ? std::move(*draw) : EventDraw{};
}

MetricValue trust(double number, MetricStatus status = MetricStatus::value) {
  MetricValue value;
  value.metric = "trust";
  value.status = status;
  value.number = number;
  return value;
}

TurnState at_turn(std::int32_t turn) {
  TurnState state;
  for (std::int32_t past = 0; past < turn; ++past) {
    TurnRecord record;
    record.turn = past;
    record.world = "Quiet.";
    state.history.push_back(share(record));
  }
  state.current.turn = turn;
  return state;
}

/// The state with its last finished turn changed.
TurnState with_last(TurnState state,
                    const std::function<void(TurnRecord&)>& change) {
  auto record = *state.history.back();
  change(record);
  state.history.back() = share(record);
  return state;
}

std::vector<std::string> names_of(const std::vector<FiredEvent>& events) {
  std::vector<std::string> names;
  for (const auto& event : events)
    names.push_back(event.name);
  return names;
}

/// Plays turns 1 to `turns` and gives those in which `name` fired.
std::vector<int> turns_of(const EventDraw& draw, const std::string& name,
                          std::int32_t turns, std::uint64_t seed = 7) {
  std::vector<int> fired;
  auto state = at_turn(1);
  for (; state.current.turn <= turns; ++state.current.turn) {
    state.current.world = "Quiet.";
    state.current.events = draw.draw(state, seed);
    for (const auto& event : state.current.events)
      if (event.name == name)
        fired.push_back(state.current.turn);
    state.history.push_back(share(state.current));
  }
  return fired;
}

TEST(EventDraw, ATrendComesInItsRhythmWithinItsRangeWhateverOnceSays) {
  auto trend = event_of("Fuel", EventType::trend);
  trend.first_turn = 2;
  trend.last_turn = 8;
  trend.every = 3;

  EXPECT_THAT(turns_of(compiled(scenario_of({trend})), "Fuel", 20),
              ElementsAre(2, 5, 8));

  trend.last_turn = 0;
  EXPECT_THAT(turns_of(compiled(scenario_of({trend})), "Fuel", 12),
              ElementsAre(2, 5, 8, 11));
}

TEST(EventDraw, AScheduledEventComesInItsTurnsAlone) {
  auto event = event_of("Festival", EventType::scheduled);
  event.turns = {5, 3};

  const auto draw = compiled(scenario_of({event}));

  EXPECT_THAT(turns_of(draw, "Festival", 9), ElementsAre(3, 5));
}

TEST(EventDraw, ARandomEventComesOnceUnlessItMayRepeat) {
  auto event = event_of("Failure", EventType::random);
  event.probability = 0.5;
  EXPECT_EQ(turns_of(compiled(scenario_of({event})), "Failure", 50).size(), 1u);

  event.once = false;
  const auto fired =
    turns_of(compiled(scenario_of({event})), "Failure", 400).size();

  EXPECT_GT(fired, 150u);
  EXPECT_LT(fired, 250u);
}

TEST(EventDraw, TheEdgesOfProbabilityAreCertain) {
  auto never = event_of("Never", EventType::random);
  never.probability = 0;
  never.once = false;
  auto always = event_of("Always", EventType::random);
  always.once = false;
  auto unlikely = event_of("Trend", EventType::trend);
  unlikely.probability = 0;

  const auto draw = compiled(scenario_of({never, always, unlikely}));

  EXPECT_THAT(turns_of(draw, "Never", 100), IsEmpty());
  EXPECT_EQ(turns_of(draw, "Always", 100).size(), 100u);
  EXPECT_THAT(turns_of(draw, "Trend", 100), IsEmpty());
}

TEST(EventDraw, ARandomEventStaysInItsRange) {
  auto event = event_of("Failure", EventType::random);
  event.once = false;
  event.first_turn = 3;
  event.last_turn = 5;

  EXPECT_THAT(turns_of(compiled(scenario_of({event})), "Failure", 9),
              ElementsAre(3, 4, 5));
}

struct ConditionCase {
  Comparison comparison;
  double value;
  double latest;
  bool fires;
};

TEST(EventDraw, AConditionComparesTheLatestNumberWithItsOwn) {
  const std::vector<ConditionCase> cases{
    {Comparison::less, 5, 4.9, true},
    {Comparison::less, 5, 5, false},
    {Comparison::at_most, 5, 5, true},
    {Comparison::at_most, 5, 5.1, false},
    {Comparison::equal, 0.3, 0.1 + 0.2, true},
    {Comparison::equal, 0.3, 0.301, false},
    {Comparison::equal, 0, 0, true},
    {Comparison::equal, -4, -4, true},
    {Comparison::unequal, 0.3, 0.1 + 0.2, false},
    {Comparison::unequal, 1, 2, true},
    {Comparison::at_least, 5, 5, true},
    {Comparison::at_least, 5, 4.9, false},
    {Comparison::more, 5, 5.1, true},
    {Comparison::more, 0.3, 0.1 + 0.2, false},
    {Comparison::less, -1, -2, true},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(::testing::Message()
                 << row.latest << " against " << row.value << ", comparison "
                 << static_cast<int>(row.comparison));
    auto event = event_of("Alarm", EventType::conditional);
    event.conditions = {trust_is(row.comparison, row.value)};
    const auto state = with_last(at_turn(3), [&](TurnRecord& record) {
      record.metrics = {trust(row.latest)};
    });

    const auto fired = compiled(scenario_of({event})).draw(state, 7);

    EXPECT_EQ(fired.size(), row.fires ? 1u : 0u);
  }
}

TEST(EventDraw, AMetricWithoutANumberFulfilsNothingNotEvenUnequal) {
  auto event = event_of("Alarm", EventType::conditional);
  event.conditions = {trust_is(Comparison::unequal, 5)};
  const auto draw = compiled(scenario_of({event}));
  EXPECT_THAT(draw.draw(at_turn(3), 7), IsEmpty());

  for (const auto status : {MetricStatus::missing, MetricStatus::unparseable,
                            MetricStatus::out_of_range}) {
    const auto state = with_last(at_turn(3), [&](TurnRecord& record) {
      record.metrics = {trust(1, status)};
    });
    EXPECT_THAT(draw.draw(state, 7), IsEmpty());
  }
}

TEST(EventDraw, TheLatestNumberMayBeOlderThanTheLastTurn) {
  auto event = event_of("Alarm", EventType::conditional);
  event.conditions = {trust_is(Comparison::more, 5)};
  auto state = with_last(
    at_turn(3), [](TurnRecord& record) { record.metrics = {trust(9)}; });
  TurnRecord silent;
  silent.turn = 3;
  silent.metrics = {trust(0, MetricStatus::missing)};
  state.history.push_back(share(silent));
  state.current.turn = 4;

  EXPECT_THAT(names_of(compiled(scenario_of({event})).draw(state, 7)),
              ElementsAre("Alarm"));
}

TEST(EventDraw, OfSeveralParticipantsNumbersTheMeanCounts) {
  auto event = event_of("Alarm", EventType::conditional);
  event.conditions = {trust_is(Comparison::equal, 4)};
  const auto state = with_last(at_turn(2), [](TurnRecord& record) {
    auto isle = trust(3);
    isle.participant = "isle";
    auto port = trust(5);
    port.participant = "port";
    auto line = trust(99, MetricStatus::out_of_range);
    line.participant = "line";
    record.metrics = {isle, port, line};
  });

  EXPECT_EQ(compiled(scenario_of({event})).draw(state, 7).size(), 1u);
}

TEST(EventDraw, AllConditionsMustHold) {
  auto event = event_of("Alarm", EventType::conditional);
  event.conditions = {trust_is(Comparison::more, 5),
                      trust_is(Comparison::less, 8)};
  const auto draw = compiled(scenario_of({event}));
  const auto fires_at = [&](double number) {
    return !draw
              .draw(with_last(at_turn(2),
                              [&](TurnRecord& record) {
                                record.metrics = {trust(number)};
                              }),
                    7)
              .empty();
  };

  EXPECT_FALSE(fires_at(4));
  EXPECT_TRUE(fires_at(6));
  EXPECT_FALSE(fires_at(9));
}

TEST(EventDraw, WordsOfTheWorldFulfilAConditionWhenAllAreFound) {
  auto event = event_of("Alarm", EventType::conditional);
  EventCondition words;
  words.patterns = {"strike", "\\d+ days"};
  event.conditions = {words};
  const auto draw = compiled(scenario_of({event}));
  const auto fires_in = [&](const char* world) {
    return !draw
              .draw(
                with_last(at_turn(2),
                          [&](TurnRecord& record) { record.world = world; }),
                7)
              .empty();
  };

  EXPECT_TRUE(fires_in("A Strike of 3 days."));
  EXPECT_FALSE(fires_in("A strike."));
  EXPECT_FALSE(fires_in("3 days of rain."));
}

TEST(EventDraw, AConditionalEventComesOnceUnlessItMayRepeat) {
  auto event = event_of("Alarm", EventType::conditional);
  EventCondition words;
  words.patterns = {"quiet"};
  event.conditions = {words};
  event.first_turn = 2;
  EXPECT_THAT(turns_of(compiled(scenario_of({event})), "Alarm", 5),
              ElementsAre(2));

  event.once = false;
  event.last_turn = 4;

  EXPECT_THAT(turns_of(compiled(scenario_of({event})), "Alarm", 6),
              ElementsAre(2, 3, 4));
}

TEST(EventDraw, WhatFiredIsReadFromTheHistoryAlone) {
  auto event = event_of("Failure", EventType::random);
  const auto draw = compiled(scenario_of({event}));
  EXPECT_EQ(draw.draw(at_turn(4), 7).size(), 1u);

  const auto fired = with_last(at_turn(4), [](TurnRecord& record) {
    record.events = {{"Failure", "", EventType::random}};
  });

  EXPECT_THAT(draw.draw(fired, 7), IsEmpty());
}

/// Some random events of different odds.
std::vector<EventSpec> many_events() {
  std::vector<EventSpec> events;
  for (int i = 0; i < 20; ++i) {
    auto event = event_of("e" + std::to_string(i), EventType::random);
    event.probability = 0.05 * i;
    event.once = false;
    events.push_back(event);
  }
  return events;
}

TEST(EventDraw, AnotherOrderOrMoreEventsChangeNoDraw) {
  auto events = many_events();
  const auto all = compiled(scenario_of(events));
  std::reverse(events.begin(), events.end());
  const auto reversed = compiled(scenario_of(events));
  events.resize(7);
  const auto fewer = compiled(scenario_of(events));

  for (const int turn : {1, 2, 9}) {
    auto expected = names_of(all.draw(at_turn(turn), 7));
    auto got = names_of(reversed.draw(at_turn(turn), 7));
    std::reverse(got.begin(), got.end());
    EXPECT_EQ(got, expected);
    for (const auto& name : names_of(fewer.draw(at_turn(turn), 7)))
      EXPECT_THAT(expected, ::testing::Contains(name));
  }
}

TEST(EventDraw, SeedAndTurnDecideTheDraw) {
  const auto draw = compiled(scenario_of(many_events()));
  const auto drawn = [&](int turn, std::uint64_t seed) {
    return names_of(draw.draw(at_turn(turn), seed));
  };

  EXPECT_EQ(drawn(3, 7), drawn(3, 7));
  EXPECT_NE(drawn(3, 7), drawn(4, 7));
  EXPECT_NE(drawn(3, 7), drawn(3, 8));
}

TEST(EventDraw, AFiredEventSaysWhatItIs) {
  const auto fired =
    compiled(scenario_of({event_of("Festival", EventType::scheduled)}))
      .draw(at_turn(3), 7);

  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0].name, "Festival");
  EXPECT_EQ(fired[0].description, "Festival happens.");
  EXPECT_EQ(fired[0].type, EventType::scheduled);
}

TEST(EventDraw, WhatCannotBeDrawnIsRefused) {
  const auto spoilt = [](EventType type, auto spoil) {
    auto event = event_of("Alarm", type);
    if (type == EventType::conditional)
      event.conditions = {trust_is(Comparison::more, 5)};
    spoil(event);
    const auto draw = EventDraw::compile(scenario_of({event}));
    return draw ? std::string{"accepted"} : draw.error().context;
  };
  using E = EventSpec;
  EXPECT_THAT(spoilt(EventType::random, [](E& e) { e.name.clear(); }),
              HasSubstr("no name"));
  EXPECT_THAT(spoilt(EventType::random, [](E& e) { e.probability = 1.5; }),
              HasSubstr("event 'Alarm': its probability"));
  EXPECT_THAT(spoilt(EventType::trend, [](E& e) { e.every = 0; }),
              HasSubstr("1 or more turns"));
  EXPECT_THAT(spoilt(EventType::random,
                     [](E& e) {
                       e.first_turn = 4;
                       e.last_turn = 2;
                     }),
              HasSubstr("its last turn 2 lies before its first, 4"));
  EXPECT_THAT(spoilt(EventType::scheduled, [](E& e) { e.turns.clear(); }),
              HasSubstr("scheduled for no turn"));
  EXPECT_THAT(
    spoilt(EventType::conditional, [](E& e) { e.conditions.clear(); }),
    HasSubstr("has no conditions"));
  EXPECT_THAT(
    spoilt(EventType::conditional, [](E& e) { e.conditions[0] = {}; }),
    HasSubstr("no metric and no words"));
  EXPECT_THAT(spoilt(EventType::conditional,
                     [](E& e) { e.conditions[0].metric = "mood"; }),
              HasSubstr("metric 'mood', which the scenario does not measure"));
  EXPECT_THAT(spoilt(EventType::conditional,
                     [](E& e) { e.conditions[0].patterns = {"("}; }),
              HasSubstr("event 'Alarm': pattern"));
  const auto twice = EventDraw::compile(scenario_of(
    {event_of("A", EventType::random), event_of("A", EventType::trend)}));
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().context, HasSubstr("stands twice"));
}

} // namespace
} // namespace lab::actors
