#pragma once

#include <memory>

#include "llm/timer.hpp"
#include "llm/transport.hpp"
#include "runtime/protocol/spend_permit.hpp"

namespace lab::llm {

/// Answers `sim/…` models (docs/sim.md) from within the process. The attempt
/// goes through everything a real one does: its permit is redeemed, its reply
/// billed (in play money when the id names a price), its latency waited for
/// without a thread.
class SimTransport final : public Transport {
public:
  /// Both must outlive the transport. Timers that are still out when it is
  /// destroyed do nothing.
  SimTransport(PermitRegister& permits, Timer& timer);
  ~SimTransport() override;

  void post(const SpendPermit& permit, const ChatRequest& request,
            std::function<void(CallOutcome)> done) override;
  void abort(AttemptId attempt) override;

private:
  struct State;
  std::shared_ptr<State> state_;
};

} // namespace lab::llm
