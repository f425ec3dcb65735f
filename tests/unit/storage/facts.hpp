#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "runtime/model/fact.hpp"
#include "runtime/protocol/messages.hpp"

// Facts for tests: random ones of every kind, and small plausible stories.

namespace lab::storage::testing {

/// Values without meaning, from empty to extreme, the same for a seed.
class RandomFacts {
public:
  explicit RandomFacts(std::uint64_t seed) : random_(seed) {}

  /// A fact of the kind at `index` in `Fact`.
  Fact fact(std::size_t index);
  ScenarioSpec scenario();
  Reply reply();

private:
  std::uint64_t number() { return random_(); }
  bool coin() { return number() % 2 == 0; }
  EventSpec event();
  ValidationSpec validation();
  TurnRecord turn();
  std::vector<ControlChange> controls();
  std::int64_t integer();
  std::int32_t small() {
    return static_cast<std::int32_t>(integer() % 100'000);
  }
  double real();
  std::string text();
  std::string word();
  Digest128 digest();
  Digest256 digest_long();
  Charge charge();
  Place place();
  template <class Make>
  auto some(Make make) {
    std::vector<decltype(make())> values(number() % 4);
    for (auto& value : values)
      value = make();
    return values;
  }

  std::mt19937_64 random_;
};

/// Calls of one run of a sweep, as the engine would journal them.
class Story {
public:
  explicit Story(std::uint64_t run = 1, std::string sweep = "storm");

  CallReserved reserved(int turn, const std::string& phase,
                        const std::string& participant,
                        std::int64_t worst_pico = 1'000, int number = 1) const;
  CallResolved settled(const CallReserved& call, std::int64_t pico,
                       const Reply& reply) const;
  CallResolved ended(const CallReserved& call, Resolution how) const;
  Reply reply(const std::string& text) const;
  /// A settled call in one batch, with its reply.
  CommitFacts bought(const CallReserved& call, std::int64_t pico) const;

  RunId run() const { return run_; }
  SweepId sweep() const { return sweep_; }
  RunSpec spec() const;
  TurnRecord turn(int number) const;
  /// With talks, coalitions, people at the table, events and checks.
  TurnRecord busy_turn(int number) const;

private:
  RunId run_;
  SweepId sweep_;
};

} // namespace lab::storage::testing
