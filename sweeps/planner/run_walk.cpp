#include "sweeps/planner/run_walk.hpp"

#include <algorithm>
#include <string_view>

namespace lab::sweeps {

namespace {

bool names_model(std::string_view path) { return path.ends_with("model"); }

} // namespace

std::vector<Stretch> stretches_of(const Design& design) {
  std::vector<Stretch> stretches;
  for (const auto& block : design.blocks()) {
    Stretch stretch;
    stretch.first = block.first;
    stretch.inner = block.size;
    std::int64_t before = 1;
    for (const auto& leaf : block.leaves) {
      const auto size = leaf->size();
      if (const auto unit = leaf->prefix_unit(); unit > 0 && size % unit == 0) {
        stretch.outer = before;
        stretch.rows = size / unit;
        stretch.inner = block.size / (before * stretch.rows);
        break;
      }
      before *= size;
    }
    stretches.push_back(stretch);
  }
  return stretches;
}

std::string model_choice(const Manifest& manifest, const DesignPoint& point) {
  std::string choice;
  for (std::size_t f = 0; f < point.values.size(); ++f)
    if (point.values[f]
        && std::ranges::any_of(manifest.factors[f].paths, names_model))
      choice += point.values[f]->text + "\n";
  return choice;
}

RunWalk::RunWalk(const Manifest& manifest)
  : manifest_(manifest), stretches_(stretches_of(*manifest.design)),
    seed_(Seed{manifest.seed}.child("order")) {
  begin_block();
}

std::optional<RunWalk::Step> RunWalk::next() {
  while (walk_) {
    while (const auto point = walk_->next())
      if (is_wanted(*point))
        return Step{*point, block_};
    if (!begin_choice()) {
      ++block_;
      begin_block();
    }
  }
  return std::nullopt;
}

bool RunWalk::begin_block() {
  choice_ = 0;
  if (block_ < manifest_.replicates.count)
    walk_.emplace(stretches_, seed_.child(block_));
  else
    walk_.reset();
  return walk_.has_value();
}

/// The same block once more, for the next choice of models.
bool RunWalk::begin_choice() {
  if (choice_ + 1 >= choices_.size())
    return false;
  ++choice_;
  walk_.emplace(stretches_, seed_.child(block_));
  return true;
}

bool RunWalk::is_wanted(std::int64_t point) {
  if (manifest_.order != RunOrder::by_model)
    return true;
  const auto choice = model_choice(manifest_, manifest_.design->point(point));
  const auto known = std::ranges::find(choices_, choice);
  const auto place = static_cast<std::size_t>(known - choices_.begin());
  if (known == choices_.end())
    choices_.push_back(choice);
  return place == (block_ % 2 == 0 ? choice_ : choices_.size() - 1 - choice_);
}

} // namespace lab::sweeps
