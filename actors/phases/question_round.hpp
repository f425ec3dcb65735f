#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "actors/inquiry.hpp"
#include "runtime/base/check.hpp"
#include "runtime/protocol/actors.hpp"
#include "runtime/protocol/caf_error.hpp"

namespace lab::actors {

/// Questions that a PHASE asks all at once. Answers are kept by number, because
/// the order of arrival is noise. Lives in the phase's state.
template <class Value>
class QuestionRound {
public:
  /// What stands for a reply that cannot be read even after its repair.
  using Otherwise =
    std::function<Result<Value>(const Reply& last, const Error& why)>;

  QuestionRound(PhaseActor::pointer self, GatewayActor gateway)
    : self_(self), gateway_(std::move(gateway)) {}

  void add(Inquiry<Value> inquiry, Otherwise otherwise) {
    entries_.push_back(
      {std::move(inquiry), std::move(otherwise), std::nullopt});
  }

  bool empty() const { return entries_.empty(); }

  /// Issues all calls. `when_complete` runs once, when the last is answered.
  void start(std::function<void()> when_complete) {
    LAB_CHECK(!entries_.empty(), "no questions");
    when_complete_ = std::move(when_complete);
    open_ = entries_.size();
    for (std::size_t i = 0; i < entries_.size(); ++i)
      issue(i);
  }

  /// In the order in which they were added.
  /// @errors that of the first question that failed
  Result<std::vector<Value>> values() const {
    std::vector<Value> values;
    for (const auto& entry : entries_) {
      if (!*entry.result)
        return tl::unexpected(entry.result->error());
      values.push_back(**entry.result);
    }
    return values;
  }

  ModelTime time() const {
    ModelTime time;
    for (const auto& entry : entries_) {
      const auto& own = entry.inquiry.time();
      time.critical_us = std::max(time.critical_us, own.critical_us);
      time.total_us += own.total_us;
    }
    return time;
  }

private:
  struct Entry {
    Inquiry<Value> inquiry;
    Otherwise otherwise;
    std::optional<Result<Value>> result;
  };

  void issue(std::size_t i) {
    self_->request(gateway_, caf::infinite, entries_[i].inquiry.call())
      .then([this, i](const CallAnswer& answer) { on_answer(i, answer); },
            [this, i](caf::error& why) {
              on_result(i, tl::unexpected(from_caf(why)));
            });
  }

  void on_answer(std::size_t i, const CallAnswer& answer) {
    auto& entry = entries_[i];
    entry.inquiry.take(answer);
    const auto& result = entry.inquiry.result();
    if (!result)
      return issue(i);
    if (*result)
      return on_result(i, *result);
    on_result(i, entry.otherwise(answer.reply, result->error()));
  }

  void on_result(std::size_t i, Result<Value> result) {
    entries_[i].result = std::move(result);
    if (--open_ == 0)
      when_complete_();
  }

  PhaseActor::pointer self_;
  GatewayActor gateway_;
  std::vector<Entry> entries_;
  std::size_t open_ = 0;
  std::function<void()> when_complete_;
};

} // namespace lab::actors
