#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "runtime/model/fact.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::llm {

/// What the journal says about a call that is asked for.
struct Found {
  enum class Kind : std::uint8_t {
    absent,          // nobody has a reply yet
    journalled,      // this run, or the run it branched from, has
    shared,          // another run of the same replicate has
    non_determinism, // the run asked something else at these coordinates
  };
  Kind kind = Kind::absent;
  AttemptId attempt;      // whose reply it is
  std::string difference; // non_determinism: the first field that differs
};

/// Which replies the journal holds, by everything they can be asked for: a
/// reading of the facts, fed with them at start and as calls end. Pure.
///
/// A call takes about 200 bytes, most of them the outline that names a later
/// difference; the replies themselves stay in the journal.
class ReplyIndex {
public:
  /// Facts that are about no call or price are ignored.
  void apply(const Fact& fact);

  /// Looks at the run that `call` inherits from, then at its own coordinates,
  /// then for a paid reply that may be shared.
  Found look_up(const IssueCall& call, Fingerprint fingerprint) const;

  /// Starts an attempt: from now on the coordinates belong to this request.
  /// @returns the attempt's number; they go on over restarts
  std::int32_t begin_attempt(CallKey call, Fingerprint fingerprint,
                             std::string_view outline);

  /// How many attempts of the call ended in doubt: sent, and no reply came of
  /// it. Those that a crash cut off are not the server's doing.
  std::int32_t doubted(CallKey call) const;

  bool knows_price(const std::string& price_id) const {
    return prices_.count(price_id) > 0;
  }
  /// The price's fact did not reach the journal after all.
  void forget_price(const std::string& price_id) { prices_.erase(price_id); }

private:
  struct Known {
    Fingerprint fingerprint;
    AttemptId reply; // none: no usable reply yet
    std::uint64_t outline_at = 0;
    std::uint32_t outline_size = 0;
    std::int32_t attempts = 0; // highest number used
    std::int32_t doubted = 0;
  };

  struct Open {
    CallKey call;
    ShareKey share;
  };

  Known& know(CallKey call, Fingerprint fingerprint, std::string_view outline);
  std::string difference(const Known& known, const ChatRequest& request) const;

  std::unordered_map<CallKey, Known> calls_;
  std::unordered_map<ShareKey, AttemptId> shares_;
  std::unordered_map<AttemptId, Open> open_; // reserved, not resolved
  std::unordered_set<std::string> prices_;
  std::string outlines_; // one behind the other
};

} // namespace lab::llm
