#pragma once

#include <optional>
#include <string>

#include "llm/lane_limits.hpp"
#include "runtime/base/error.hpp"

namespace lab::llm {

/// Whether a server is worth asking at all: shut while it cannot be reached,
/// while its account is out of money, and after it has long answered nothing
/// but that it is overloaded. Pure.
///
/// The first attempt that cannot connect shuts the gate. While it is shut the
/// lane's transport looks whether the server answers a bare connection, which
/// costs no attempt, after 0.25 s and then less and less often. Who waits is
/// patient with a server that answered before and gives up soon on one that
/// never did. An overloaded server is tried again after a rest.
class LaneGate {
public:
  /// @source a restart of a local model server takes up to a minute
  static constexpr Milliseconds patience_known{120'000};
  static constexpr Milliseconds patience_unknown{5'000};
  static constexpr Milliseconds spend_pause{600'000};
  static constexpr Milliseconds patience_overloaded{120'000};
  static constexpr Milliseconds overload_rest{60'000};

  /// Nobody may start.
  bool shut(TimePoint now) const;
  /// Set when those who wait, and all who come, are to be refused: patience is
  /// over, or the account is out of money.
  std::optional<Error> refusal(TimePoint now) const;
  /// When to look next whether the server is there, or to ask again.
  std::optional<TimePoint> look_at() const;

  /// The server sent an answer, of whatever kind.
  void answered();
  /// It took a call and did it.
  void served();
  /// It turned a call away because it has too much to do.
  void overloaded(const std::string& why, TimePoint now);
  void unreachable(const std::string& why, TimePoint now);
  /// `look_at` has come and a look is under way.
  void looking();
  void looked(bool reached, TimePoint now);
  /// The account is out of money: nobody asks for a while.
  void out_of_money(const std::string& why, TimePoint now);

private:
  bool known_ = false; // it answered once
  std::optional<TimePoint> shut_since_;
  std::optional<TimePoint> look_at_;
  Milliseconds wait_{};
  std::string why_;
  std::optional<TimePoint> overloaded_since_; // and served nobody since
  std::string overloaded_why_;
  std::optional<TimePoint> broke_until_;
  std::string broke_why_;
};

} // namespace lab::llm
