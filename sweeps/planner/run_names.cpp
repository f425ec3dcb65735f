#include "sweeps/planner/run_names.hpp"

#include <algorithm>

namespace lab::sweeps {

Result<NamedRun> RunNames::name(std::int64_t point, std::int32_t replicate,
                                RunId run, const Siblings& siblings) {
  if (!asked_ && known_ != nullptr) {
    LAB_TRY(last_earlier_, known_->last_point());
    last_ = std::max(last_earlier_, static_cast<std::int32_t>(points_));
    asked_ = true;
  }
  const auto own = static_cast<std::int32_t>(point + 1);
  if (last_earlier_ == 0)
    return NamedRun{run, own, replicate + 1};
  LAB_TRY(const auto number, number_of(point, siblings));
  LAB_TRY(const auto free, free_replicate(number, replicate + 1, run));
  return NamedRun{run, number, free};
}

Result<std::int32_t> RunNames::number_of(std::int64_t point,
                                         const Siblings& siblings) {
  if (const auto moved = moved_.find(point); moved != moved_.end())
    return moved->second;
  const auto own = static_cast<std::int32_t>(point + 1);
  // In this order: what names the point meanwhile then shows in its siblings.
  LAB_TRY(const bool taken, known_->has_point(own));
  for (const auto sibling : siblings()) {
    LAB_TRY(const auto found, known_->find(sibling));
    if (const auto numbers = numbers_of(found.name))
      return numbers->first;
  }
  if (!taken)
    return own;
  moved_.emplace(point, ++last_);
  return last_;
}

Result<std::int32_t> RunNames::free_replicate(std::int32_t number,
                                              std::int32_t replicate,
                                              RunId run) {
  const auto wanted = replicate;
  for (;; ++replicate) {
    const auto name = run_name(number, replicate);
    LAB_TRY(const bool taken, known_->has_name(name));
    const auto shifted = shifted_.find(name);
    if (taken || (shifted != shifted_.end() && shifted->second != run))
      continue;
    if (replicate != wanted)
      shifted_.emplace(name, run);
    return replicate;
  }
}

} // namespace lab::sweeps
