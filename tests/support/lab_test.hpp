#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "runtime/protocol/system.hpp"

// The fixture of every actor test: one thread, a clock moved by hand, answers
// that can be asked for without waiting for them.

namespace lab::testing {

/// The product's own settings on CAF's single-stepped scheduler.
struct TestConfig : SystemConfig {
  TestConfig() { set("scheduler.policy", caf::atom("testing")); }
};

/// An answer that may still be under way. Copies look at the same answer.
template <class T>
class Answer {
public:
  Answer() : box_(std::make_shared<std::optional<Result<T>>>()) {}

  bool came() const { return box_->has_value(); }
  bool ok() const { return came() && (**box_).has_value(); }

  /// The answer; `internal` when none came, so that a lost promise shows as a
  /// failed expectation and never as a test that hangs.
  Result<T> result() const {
    if (!came())
      return fail(Errc::internal, "no answer came");
    return **box_;
  }
  /// `ok` for a value, `internal` when nothing came.
  Errc code() const {
    const auto r = result();
    return r ? Errc::ok : r.error().code;
  }
  /// The value; a default one, and a failed test, when there is none.
  T value() const {
    auto r = result();
    if (!r) {
      ADD_FAILURE() << "no value: " << to_string(r.error());
      return T{};
    }
    return std::move(*r);
  }

  void put(Result<T> result) const { *box_ = std::move(result); }

private:
  std::shared_ptr<std::optional<Result<T>>> box_;
};

/// An actor system on one thread with a clock the test moves by hand. Nothing
/// runs until `run()`; no test sleeps. Actors given to `keep` are stopped in
/// reverse order at the end of the test.
class LabTest : public ::testing::Test {
protected:
  TestConfig config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler =
    dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());

  void TearDown() override {
    for (auto each = kept_.rbegin(); each != kept_.rend(); ++each) {
      caf::anon_send_exit(*each, caf::exit_reason::user_shutdown);
      run();
    }
    kept_.clear();
    run();
    EXPECT_EQ(system.registry().running(), 0u) << "an actor outlived its test";
  }

  /// Spawns and keeps: `auto desk = spawn(desk_behaviour, arguments…);`
  template <class Function, class... Arguments>
  auto spawn(Function function, Arguments&&... arguments) {
    auto handle = system.spawn(function, std::forward<Arguments>(arguments)...);
    keep(handle);
    return handle;
  }

  template <class Handle>
  void keep(const Handle& handle) {
    kept_.push_back(caf::actor_cast<caf::actor>(handle));
  }

  /// Lets actors run until nobody has anything to do. Time stands still.
  void run() {
    while (scheduler.try_run_once()) {
    }
  }

  /// Moves the actors' clock and lets everything that came due happen.
  void advance(std::chrono::nanoseconds by) {
    scheduler.clock().advance_time(by);
    run();
  }

  /// Asks without running anything: the answer comes with a later `run`.
  template <class T, class Handle, class Message>
  Answer<T> ask_later(const Handle& to, Message message) {
    Answer<T> answer;
    // With an argument: CAF 0.17 dereferences a null tuple without one.
    const auto asking = [=](caf::event_based_actor* asker, Message m) {
      asker->request(to, caf::infinite, m)
        .then(
          [=](const T& value) { answer.put(value); },
          [=](caf::error& why) { answer.put(tl::unexpected(from_caf(why))); });
    };
    system.spawn(asking, std::move(message));
    return answer;
  }

  /// Asks, runs, and gives the answer; never hangs.
  template <class T, class Handle, class Message>
  Result<T> ask(const Handle& to, Message message) {
    auto answer = ask_later<T>(to, std::move(message));
    run();
    return answer.result();
  }

  /// Sends without waiting for anything, then runs.
  template <class Handle, class Message>
  void tell(const Handle& to, Message message) {
    caf::anon_send(to, std::move(message));
    run();
  }

private:
  std::vector<caf::actor> kept_;
};

} // namespace lab::testing
