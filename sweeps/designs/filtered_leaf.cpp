#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/designs/level_leaf.hpp"

namespace lab::sweeps {

namespace {

/// Finds the n-th of the numbers that are in a set: a bit for each number, and
/// a count for each 512 of them.
class RankedBits {
public:
  explicit RankedBits(const std::vector<bool>& bits)
    : words_((bits.size() + word - 1) / word) {
    for (std::size_t i = 0; i < bits.size(); ++i)
      if (bits[i])
        words_[i / word] |= std::uint64_t{1} << (i % word);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (i % stride == 0)
        before_.push_back(count_);
      count_ += std::popcount(words_[i]);
    }
  }

  std::int64_t count() const { return count_; }

  /// The n-th number in the set, 0 <= n < count().
  std::int64_t at(std::int64_t n) const {
    const auto part =
      std::ranges::upper_bound(before_, n) - before_.begin() - 1;
    n -= before_[static_cast<std::size_t>(part)];
    auto i = static_cast<std::size_t>(part) * stride;
    for (; n >= std::popcount(words_[i]); ++i)
      n -= std::popcount(words_[i]);
    auto left = words_[i];
    for (; n > 0; --n)
      left &= left - 1;
    return static_cast<std::int64_t>(i * word) + std::countr_zero(left);
  }

private:
  static constexpr std::size_t word = 64;
  static constexpr std::size_t stride = 8;

  std::vector<std::uint64_t> words_;
  std::vector<std::int64_t> before_; // set bits before each stride
  std::int64_t count_ = 0;
};

class Filtered final : public Leaf {
public:
  Filtered(std::unique_ptr<Leaf> whole, const std::vector<bool>& kept)
    : whole_(std::move(whole)), kept_(kept) {}

  LeafKind kind() const override { return whole_->kind(); }
  std::int64_t size() const override { return kept_.count(); }
  const std::vector<std::size_t>& factors() const override {
    return whole_->factors();
  }
  std::optional<FactorValue> value(std::int64_t point,
                                   std::size_t position) const override {
    return whole_->value(in_whole(point), position);
  }
  std::string label(std::int64_t point) const override {
    return whole_->label(in_whole(point));
  }
  std::vector<double> unit(std::int64_t point) const override {
    return whole_->unit(in_whole(point));
  }
  std::int64_t prefix_unit() const override { return whole_->prefix_unit(); }

  std::vector<std::string> notes() const override {
    auto notes = whole_->notes();
    notes.push_back(std::string{name_of(kind())} + ": `where` keeps "
                    + std::to_string(size()) + " of "
                    + std::to_string(whole_->size()) + " points");
    return notes;
  }

private:
  std::int64_t in_whole(std::int64_t point) const {
    LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
    return kept_.at(point);
  }

  std::unique_ptr<Leaf> whole_;
  RankedBits kept_;
};

} // namespace

std::unique_ptr<Leaf> make_filtered_leaf(std::unique_ptr<Leaf> whole,
                                         const std::vector<bool>& kept) {
  LAB_CHECK(static_cast<std::int64_t>(kept.size()) == whole->size(),
            "bits of another leaf");
  return std::make_unique<Filtered>(std::move(whole), kept);
}

} // namespace lab::sweeps
