#include "sweeps/planner/design.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

std::string outline_of(const Block& block) {
  if (block.leaves.empty())
    return "1 point";
  std::vector<std::string> texts;
  for (const auto& leaf : block.leaves)
    texts.push_back(std::to_string(leaf->size()) + " "
                    + std::string{name_of(leaf->kind())});
  return join(texts, " x ");
}

} // namespace

Design::Design(std::size_t factors, std::vector<Block> blocks)
  : factors_(factors), blocks_(std::move(blocks)) {
  LAB_CHECK(!blocks_.empty(), "a design of nothing");
  for (auto& block : blocks_) {
    block.first = size_;
    block.size = 1;
    for (const auto& leaf : block.leaves)
      block.size *= leaf->size();
    size_ += block.size;
  }
}

DesignPoint Design::point(std::int64_t i) const {
  const auto place = place_of(i);
  const auto& leaves = blocks_[place.block].leaves;
  DesignPoint made;
  made.values.resize(factors_);
  for (std::size_t l = 0; l < leaves.size(); ++l) {
    const auto& factors = leaves[l]->factors();
    for (std::size_t k = 0; k < factors.size(); ++k)
      made.values[factors[k]] = leaves[l]->value(place.positions[l], k);
    const auto label = leaves[l]->label(place.positions[l]);
    if (!made.label.empty() && !label.empty())
      made.label += ", ";
    made.label += label;
  }
  return made;
}

PointPlace Design::place_of(std::int64_t i) const {
  LAB_CHECK(i >= 0 && i < size_, "point=" + std::to_string(i));
  const auto after = std::ranges::upper_bound(blocks_, i, {}, &Block::first);
  // An empty block begins where the next one does and holds no point.
  const auto& block = *std::prev(after);
  PointPlace place;
  place.block = static_cast<std::size_t>(&block - blocks_.data());
  place.positions.resize(block.leaves.size());
  i -= block.first;
  for (std::size_t l = block.leaves.size(); l-- > 0;) {
    place.positions[l] = i % block.leaves[l]->size();
    i /= block.leaves[l]->size();
  }
  return place;
}

std::int64_t Design::index_of(const PointPlace& place) const {
  const auto& block = blocks_.at(place.block);
  std::int64_t i = 0;
  for (std::size_t l = 0; l < block.leaves.size(); ++l)
    i = i * block.leaves[l]->size() + place.positions.at(l);
  return block.first + i;
}

std::int64_t Design::group_count(std::size_t block, std::size_t leaf) const {
  const auto& of = blocks_.at(block);
  return of.size / of.leaves.at(leaf)->size();
}

std::int64_t Design::index_in_group(std::size_t block, std::size_t leaf,
                                    std::int64_t group,
                                    std::int64_t position) const {
  const auto& leaves = blocks_.at(block).leaves;
  LAB_CHECK(group >= 0 && group < group_count(block, leaf),
            "group=" + std::to_string(group));
  PointPlace place{block, std::vector<std::int64_t>(leaves.size())};
  for (std::size_t l = leaves.size(); l-- > 0;) {
    if (l == leaf) {
      place.positions[l] = position;
      continue;
    }
    place.positions[l] = group % leaves[l]->size();
    group /= leaves[l]->size();
  }
  return index_of(place);
}

std::string Design::outline() const {
  std::vector<std::string> texts;
  for (const auto& block : blocks_)
    texts.push_back(outline_of(block));
  return join(texts, " + ");
}

std::vector<std::string> Design::notes() const {
  std::vector<std::string> all;
  for (const auto& block : blocks_)
    for (const auto& leaf : block.leaves)
      for (auto& note : leaf->notes())
        if (std::ranges::find(all, note) == all.end())
          all.push_back(std::move(note));
  return all;
}

std::vector<Block> crossed(const std::vector<std::vector<Block>>& parts) {
  std::vector<Block> made(1);
  for (const auto& part : parts) {
    std::vector<Block> longer;
    for (const auto& left : made)
      for (const auto& right : part) {
        auto& block = longer.emplace_back(left);
        block.leaves.insert(block.leaves.end(), right.leaves.begin(),
                            right.leaves.end());
        if (!left.name.empty() && !right.name.empty())
          block.name += ".";
        block.name += right.name;
      }
    made = std::move(longer);
  }
  return made;
}

} // namespace lab::sweeps
