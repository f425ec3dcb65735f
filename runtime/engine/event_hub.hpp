#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::runtime {

/// Numbers events and hands them on in batches, one in flight per watcher.
struct EventHubState {
  static inline const char* name = "lab.event-hub";
  /// Events kept for a watcher that has not answered; older ones are dropped.
  static constexpr std::size_t backlog_max = 256;

  explicit EventHubState(EventHubActor::pointer actor) : self(actor) {}

  struct Watcher {
    WatcherActor actor;
    std::deque<Event> backlog;
    std::int64_t dropped = 0;
    bool busy = false;
  };

  void on_event(Event& event);                           // 1: number, queue
  void on_subscribe(const Subscribe& m);                 // 0: a new watcher
  void hand_on(const std::shared_ptr<Watcher>& watcher); // 2: next batch
  void forget(const std::shared_ptr<Watcher>& watcher);

  EventHubActor::pointer self;
  std::shared_ptr<const Clock> clock;
  std::vector<std::shared_ptr<Watcher>> watchers;
  std::uint64_t last_seq = 0;
};

EventHubActor::behavior_type
event_hub(EventHubActor::stateful_pointer<EventHubState> self,
          std::shared_ptr<const Clock> clock);

} // namespace lab::runtime
