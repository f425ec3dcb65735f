#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "llm/lane.hpp"
#include "runtime/protocol/actors.hpp"

namespace boost::asio {
class io_context;
}

namespace lab::llm {

/// The one thread that speaks to the network. LANEs are hosted by it: their
/// handlers run on it, so they use sockets and timers without locks and answer
/// with ordinary promises. See docs/adr/0040-lanes-on-asio.md.
///
/// Lives as long as `system` or shorter; ends its actors before itself.
class AsioHost {
public:
  explicit AsioHost(caf::actor_system& system);
  ~AsioHost();
  AsioHost(const AsioHost&) = delete;
  AsioHost& operator=(const AsioHost&) = delete;

  /// For whoever runs on this thread, and only there.
  Timer& timer();
  boost::asio::io_context& context();

  /// @param transport  used and destroyed on this thread
  LaneActor host_lane(LaneSettings settings,
                      std::unique_ptr<Transport> transport,
                      std::shared_ptr<const Clock> clock);

  /// Tells the hosted actors to stop, waits until they have, then ends the
  /// thread. What is still on the wire is cut. Idempotent.
  void stop();

  /// What hosting an actor needs; see asio_actor.hpp.
  class Hosting;

private:
  std::unique_ptr<Hosting> hosting_;
};

} // namespace lab::llm
