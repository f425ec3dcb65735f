#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "llm/lane_gate.hpp"
#include "llm/lane_limits.hpp"
#include "llm/lane_queue.hpp"
#include "llm/provider_settings.hpp"
#include "llm/timer.hpp"
#include "llm/transport.hpp"
#include "runtime/base/clock.hpp"

namespace lab::llm {

struct LaneSettings {
  std::string provider;
  LimitRules limits;
  /// The server loads one model at a time: see LaneQueue.
  bool keep_model = false;
};

/// `sim` and servers of our own start with every slot they may ever have: there
/// is nobody to be careful with. Hosted providers start with half.
LaneSettings lane_settings_of(const ProviderSettings& provider);

/// What a LANE does, apart from being an actor: slots, their queue, and the
/// transport behind them. Lives on one thread, that of its timer and transport.
///
/// A slot is taken by `acquire` and free again after `release`, or when the
/// attempt that `send` issued has ended. Every callback is called exactly once,
/// at the latest by `close`.
class Lane : public std::enable_shared_from_this<Lane> {
public:
  using Granted = std::function<void(Result<Done>)>;
  using Ended = std::function<void(CallOutcome)>;

  /// @param timer  must outlive the lane
  Lane(LaneSettings settings, std::unique_ptr<Transport> transport,
       Timer& timer, std::shared_ptr<const Clock> clock);

  /// @errors provider_unreachable; provider_refused (the account is out of
  ///         money); cancelled (released while it waited); shutting_down
  void acquire(const AcquireSlot& wanted, Granted granted);
  void release(AttemptId attempt);
  /// An attempt that holds no slot is not sent.
  void send(const SendCall& call, Ended ended);
  void abort(AttemptId attempt);
  /// Takes no slot.
  void identify(const std::string& wire_model,
                std::function<void(Result<std::string>)> told);
  LaneStatus status() const;

  /// Refuses all who wait; what is on the wire ends as unknown. For good.
  void close();

private:
  struct Slot {
    bool retry = false; // counts against the retry budget
    TimePoint since{};
    Ended ended; // set once it was sent
  };

  void grant(TimePoint now);
  void refuse_waiting(const Error& why);
  /// Gives free slots to those who wait, and sets the alarm for the next time
  /// that something may change by itself.
  void pump();
  void wake_at(TimePoint at, TimePoint now);
  void on_wake();
  void on_end(AttemptId attempt, CallOutcome outcome);
  void on_looked(bool reached);
  /// What the end of an attempt says about the server.
  LoadSign judge(const CallOutcome& outcome, TimePoint now);

  LaneSettings settings_;
  std::unique_ptr<Transport> transport_;
  Timer& timer_;
  std::shared_ptr<const Clock> clock_;
  LaneLimits limits_;
  LaneQueue queue_;
  LaneGate gate_;
  /// Who waits in the queue; an entry leaves by being called.
  std::unordered_map<AttemptId, Granted> waiting_;
  std::unordered_map<AttemptId, Slot> slots_;
  std::optional<TimePoint> wake_at_;
  bool closed_ = false;
};

} // namespace lab::llm
