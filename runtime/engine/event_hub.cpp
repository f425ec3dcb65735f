#include "runtime/engine/event_hub.hpp"

#include "runtime/base/log.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::runtime {

void EventHubState::on_event(Event& event) {
  event.seq = ++last_seq;
  event.at = clock->now_ms();
  log_debug(to_string(event.kind), {{"run", to_string(event.run)},
                                    {"turn", std::to_string(event.turn)},
                                    {"phase", event.phase},
                                    {"actor", event.participant},
                                    {"text", event.text}});
  for (const auto& watcher : watchers) {
    if (watcher->backlog.size() == backlog_max) {
      watcher->backlog.pop_front();
      ++watcher->dropped;
    }
    watcher->backlog.push_back(event);
  }
  // `hand_on` may drop a watcher, so a copy of the list is walked.
  for (const auto& watcher : std::vector{watchers})
    hand_on(watcher);
}

void EventHubState::on_subscribe(const Subscribe& m) {
  watchers.push_back(
    std::make_shared<Watcher>(Watcher{m.watcher, {}, 0, false}));
}

void EventHubState::hand_on(const std::shared_ptr<Watcher>& watcher) {
  if (watcher->busy || watcher->backlog.empty())
    return;
  EventBatch batch;
  batch.events.assign(watcher->backlog.begin(), watcher->backlog.end());
  batch.dropped = std::exchange(watcher->dropped, 0);
  watcher->backlog.clear();
  watcher->busy = true;
  self->request(watcher->actor, caf::infinite, std::move(batch))
    .then(
      [this, watcher](const Done&) {
        watcher->busy = false;
        hand_on(watcher);
      },
      [this, watcher](caf::error&) { forget(watcher); });
}

void EventHubState::forget(const std::shared_ptr<Watcher>& watcher) {
  std::erase(watchers, watcher);
}

EventHubActor::behavior_type
event_hub(EventHubActor::stateful_pointer<EventHubState> self,
          std::shared_ptr<const Clock> clock) {
  harden(self);
  self->state.clock = std::move(clock);
  return {
    [self](Event& event) { self->state.on_event(event); },
    [self](const Subscribe& m) { self->state.on_subscribe(m); },
  };
}

} // namespace lab::runtime
