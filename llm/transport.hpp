#pragma once

#include <functional>

#include "runtime/protocol/messages.hpp"

namespace lab::llm {

/// Issues attempts. Owned by a LANE and called on its thread; `done` is called
/// on that thread too, exactly once, never from within `post`.
class Transport {
public:
  virtual ~Transport() = default;
  /// Redeems the permit, then sends. A refused permit ends in an outcome that
  /// is voided and not retried: nothing was sent.
  virtual void post(const SpendPermit& permit, const ChatRequest& request,
                    std::function<void(CallOutcome)> done) = 0;
  /// Cuts a call short; its `done` still comes (unknown, when it was sent).
  virtual void abort(AttemptId attempt) = 0;
  /// Whether the server takes a connection now. Sends nothing, so it needs no
  /// permit; asked only after attempts that could not connect.
  virtual void look(std::function<void(bool reached)> done) { done(true); }
  /// The server's digest of a model's contents; empty when it tells none.
  /// Costs nothing, so it needs no permit.
  /// @errors provider_unreachable
  virtual void identify(const std::string& /*wire_model*/,
                        std::function<void(Result<std::string>)> done) {
    done(std::string{});
  }
};

} // namespace lab::llm
