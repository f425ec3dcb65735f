#include "sweeps/planner/point_order.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/planner/permutation.hpp"

namespace lab::sweeps {

namespace {

__extension__ using Wide = unsigned __int128;

} // namespace

PointWalk::PointWalk(std::vector<Stretch> stretches, const Seed& key)
  : key_(key.child("mix")) {
  for (auto& stretch : stretches) {
    const auto number = static_cast<std::int64_t>(stretches_.size());
    left_ += stretch.size();
    stretches_.push_back({stretch, 0, key.child(number)});
  }
}

std::optional<std::int64_t> PointWalk::next() {
  if (left_ == 0)
    return std::nullopt;
  auto chosen = stretches_.size() == 1
                  ? 0
                  : static_cast<std::int64_t>(
                    key_.below(drawn_++, static_cast<std::uint64_t>(left_)));
  --left_;
  auto from = stretches_.begin();
  for (; chosen >= from->stretch.size() - from->done; ++from)
    chosen -= from->stretch.size() - from->done;
  return take(*from);
}

std::int64_t PointWalk::take(Visited& from) {
  const auto& stretch = from.stretch;
  const auto row = from.done / stretch.row_size();
  const auto place = from.done % stretch.row_size();
  ++from.done;
  if (stretch.row_size() == 1)
    return stretch.point_in(row, 0);
  const Permutation order{static_cast<std::uint64_t>(stretch.row_size()),
                          stretch.rows == 1 ? from.key : from.key.child(row)};
  return stretch.point_in(row, static_cast<std::int64_t>(
                                 order.at(static_cast<std::uint64_t>(place))));
}

std::uint64_t place_in_block(const std::vector<Stretch>& stretches,
                             std::int64_t index, std::uint64_t draw) {
  auto after = std::ranges::upper_bound(stretches, index, {}, &Stretch::first);
  LAB_CHECK(after != stretches.begin(), "point=" + std::to_string(index));
  const auto& stretch = *std::prev(after);
  const auto row = static_cast<std::uint64_t>(stretch.row_of(index));
  // Row r of n has the r-th n-th of all places.
  const auto rows = static_cast<std::uint64_t>(stretch.rows);
  return static_cast<std::uint64_t>(((static_cast<Wide>(row) << 64U) + draw)
                                    / rows);
}

} // namespace lab::sweeps
