#include "sweeps/planner/run_layout.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "runtime/base/seed.hpp"

namespace lab::sweeps {

namespace {

constexpr unsigned bits_dropped = 11;

std::optional<std::int32_t> number_after(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter)
    return std::nullopt;
  std::int32_t number = 0;
  const auto [end, problem] =
    std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (problem != std::errc{} || number < 1)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Hands out numbers, given ones first.
class Namer {
public:
  Namer(const std::vector<std::vector<RunId>>& runs,
        const std::map<RunId, std::string>& given)
    : runs_(runs), given_(given) {
    for (const auto& [run, name] : given_)
      if (const auto numbers = numbers_of(name)) {
        taken_.insert(*numbers);
        next_point_ = std::max(next_point_, numbers->first + 1);
      }
    learn_replicates();
  }

  std::vector<NamedRun> name(std::size_t point) {
    const auto number = point_number(point);
    std::vector<NamedRun> named;
    for (std::size_t r = 0; r < runs_[point].size(); ++r) {
      const auto run = runs_[point][r];
      if (const auto known = given(run)) {
        named.push_back({run, known->first, known->second});
        continue;
      }
      auto replicate = replicates_[r];
      while (!taken_.emplace(number, replicate).second)
        ++replicate;
      named.push_back({run, number, replicate});
    }
    return named;
  }

private:
  std::optional<std::pair<std::int32_t, std::int32_t>> given(RunId run) const {
    const auto found = given_.find(run);
    return found == given_.end() ? std::nullopt : numbers_of(found->second);
  }

  /// A seed that one point calls r2 is r2 at points that are new, too.
  void learn_replicates() {
    for (const auto& point : runs_)
      for (std::size_t r = 0; r < point.size(); ++r) {
        if (replicates_.size() <= r)
          replicates_.push_back(static_cast<std::int32_t>(r) + 1);
        if (const auto known = given(point[r]))
          replicates_[r] = known->second;
      }
  }

  std::int32_t point_number(std::size_t point) {
    for (const auto run : runs_[point])
      if (const auto known = given(run))
        return known->first;
    return next_point_++;
  }

  const std::vector<std::vector<RunId>>& runs_;
  const std::map<RunId, std::string>& given_;
  std::set<std::pair<std::int32_t, std::int32_t>> taken_;
  std::vector<std::int32_t> replicates_; // number by index
  std::int32_t next_point_ = 1;
};

/// One block: every point once, in an order that hangs on run ids.
class BlockOrder {
public:
  BlockOrder(const std::vector<std::vector<RunId>>& runs,
             const std::vector<OrderedPoint>& points,
             const std::vector<Stretch>& stretches, RunOrder order,
             std::uint64_t design_seed)
    : runs_(runs), points_(points), stretches_(stretches), order_(order),
      seed_(design_seed) {
    for (const auto& point : points_)
      groups_.push_back(order == RunOrder::blocks
                          ? 0
                          : seed_.child("models").child(point.models).bits(0));
  }

  void append(std::vector<RunPlace>& out, std::size_t replicate) const {
    std::vector<Key> keys;
    for (std::size_t p = 0; p < runs_.size(); ++p)
      keys.emplace_back(order_ == RunOrder::by_model && replicate % 2 != 0
                          ? ~groups_[p]
                          : groups_[p],
                        place(p, replicate), static_cast<std::int32_t>(p));
    std::ranges::sort(keys);
    if (order_ == RunOrder::interleave)
      take_turns(keys);
    for (const auto& [group, place, point] : keys)
      out.push_back({point, static_cast<std::int32_t>(replicate)});
  }

private:
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::int32_t>;

  std::uint64_t place(std::size_t point, std::size_t replicate) const {
    const auto run = static_cast<std::int64_t>(runs_[point][replicate].value);
    return place_in_block(stretches_, points_[point].index,
                          seed_.child("order").child(run).bits(0));
  }

  /// Groups that stand one after another, each in its order, dealt out evenly:
  /// the j-th of n has its place at (2j + 1) / 2n of the block.
  static void take_turns(std::vector<Key>& keys) {
    std::map<std::uint64_t, std::uint64_t> sizes;
    for (const auto& key : keys)
      ++sizes[std::get<0>(key)];
    std::map<std::uint64_t, std::uint64_t> done;
    for (auto& [group, place, point] : keys) {
      const auto width =
        std::numeric_limits<std::uint64_t>::max() / (2 * sizes[group]);
      place = width * (2 * done[group]++ + 1);
    }
    std::ranges::sort(keys, {}, [](const Key& key) {
      return std::tuple{std::get<1>(key), std::get<0>(key), std::get<2>(key)};
    });
  }

  const std::vector<std::vector<RunId>>& runs_;
  const std::vector<OrderedPoint>& points_;
  const std::vector<Stretch>& stretches_;
  RunOrder order_;
  Seed seed_;
  std::vector<std::uint64_t> groups_; // by point
};

} // namespace

std::uint64_t seed_of(const Replicates& replicates, std::uint64_t design_seed,
                      const Digest256& content, std::int32_t replicate) {
  if (replicates.mode == SeedMode::listed)
    return replicates.seeds.at(static_cast<std::size_t>(replicate));
  auto root = Seed{design_seed}.child("replicate");
  if (replicates.mode == SeedMode::fresh)
    root = root.child(lab::to_string(content));
  return root.child(replicate + 1).bits(0) >> bits_dropped;
}

std::vector<std::uint64_t> seeds_of(const Replicates& replicates,
                                    std::uint64_t design_seed,
                                    const Digest256& content) {
  std::vector<std::uint64_t> seeds;
  for (std::int32_t r = 0; r < replicates.count; ++r)
    seeds.push_back(seed_of(replicates, design_seed, content, r));
  return seeds;
}

std::optional<std::pair<std::int32_t, std::int32_t>>
numbers_of(std::string_view name) {
  const auto point = number_after(name, 'p');
  if (!point || name.empty() || name.front() != '.')
    return std::nullopt;
  name.remove_prefix(1);
  const auto replicate = number_after(name, 'r');
  if (!replicate || !name.empty())
    return std::nullopt;
  return std::pair{*point, *replicate};
}

std::string point_name(std::int32_t point) {
  char text[16];
  std::snprintf(text, sizeof text, "p%03d", point);
  return text;
}

std::string run_name(std::int32_t point, std::int32_t replicate) {
  return point_name(point) + ".r" + std::to_string(replicate);
}

std::vector<std::vector<NamedRun>>
name_runs(const std::vector<std::vector<RunId>>& runs,
          const std::map<RunId, std::string>& given) {
  Namer namer{runs, given};
  std::vector<std::vector<NamedRun>> named;
  for (std::size_t p = 0; p < runs.size(); ++p)
    named.push_back(namer.name(p));
  return named;
}

std::vector<RunPlace>
execution_order(const std::vector<std::vector<RunId>>& runs,
                const std::vector<OrderedPoint>& points,
                const std::vector<Stretch>& stretches, RunOrder order,
                std::uint64_t design_seed) {
  std::vector<RunPlace> places;
  if (runs.empty())
    return places;
  const BlockOrder blocks{runs, points, stretches, order, design_seed};
  for (std::size_t r = 0; r < runs.front().size(); ++r)
    blocks.append(places, r);
  return places;
}

} // namespace lab::sweeps
