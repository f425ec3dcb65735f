#pragma once

#include <cstdint>
#include <optional>

namespace lab::sweeps {

/// Where in the order of runs a sweep stands still and looks at what came out:
/// at places that the order alone fixes, so that the same replies give the same
/// decisions however runs were scheduled.
///
/// A look comes at the first end of a block of replicates with at least
/// `runs_least` runs since the look before; inside longer blocks after every
/// `runs_most` runs; after the pilot; and at the end.
class Looks {
public:
  static constexpr std::int64_t runs_least = 16;
  static constexpr std::int64_t runs_most = 100;

  explicit Looks(std::optional<std::int64_t> pilot) : pilot_(pilot) {}

  /// Whether to look before a run of this replicate starts.
  bool is_due_before(std::int32_t replicate) const {
    if (taken_ == 0)
      return false;
    if (pilot_ && taken_ == *pilot_ && since_ > 0)
      return true;
    return since_ >= runs_most
           || (since_ >= runs_least && replicate != replicate_);
  }
  /// A look was taken.
  void looked() { since_ = 0; }
  /// The next run of the order belongs to this replicate.
  void take(std::int32_t replicate) {
    ++taken_;
    ++since_;
    replicate_ = replicate;
  }

private:
  std::optional<std::int64_t> pilot_;
  std::int64_t taken_ = 0;
  std::int64_t since_ = 0; // the last look
  std::int32_t replicate_ = 0;
};

} // namespace lab::sweeps
