#include "actors/phases/talk_round.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"

namespace lab::actors {

TalkRound::TalkRound(std::vector<std::string> ids)
  : ids_(std::move(ids)), chains_(ids_.size()), open_(ids_.size()) {}

std::optional<std::size_t> TalkRound::take_offer(std::size_t initiator,
                                                 TalkOffered offered) {
  auto& chain = chains_.at(initiator);
  chain.talk = std::move(offered.talk);
  chain.time = offered.time;
  if (chain.talk.target.empty()) {
    --open_;
    return std::nullopt;
  }
  const auto target = std::ranges::find(ids_, chain.talk.target);
  LAB_CHECK(target != ids_.end(), "target=" + chain.talk.target);
  return static_cast<std::size_t>(target - ids_.begin());
}

void TalkRound::take_answer(std::size_t initiator, TalkAnswered answered) {
  auto& chain = chains_.at(initiator);
  chain.talk = std::move(answered.talk);
  chain.time.critical_us += answered.time.critical_us;
  chain.time.total_us += answered.time.total_us;
  --open_;
}

void TalkRound::take_failure(std::size_t initiator, Error why) {
  chains_.at(initiator).error = std::move(why);
  --open_;
}

const Talk& TalkRound::talk(std::size_t initiator) const {
  return chains_.at(initiator).talk;
}

const Error* TalkRound::error() const {
  for (const auto& chain : chains_)
    if (chain.error)
      return &*chain.error;
  return nullptr;
}

ModelTime TalkRound::time() const {
  ModelTime time;
  for (const auto& chain : chains_) {
    time.critical_us = std::max(time.critical_us, chain.time.critical_us);
    time.total_us += chain.time.total_us;
  }
  return time;
}

void TalkRound::add_to(TurnRecord& record) const {
  for (const auto& [talk, time, error] : chains_) {
    record.talks.push_back(talk);
    if (talk.target.empty())
      continue;
    record.messages.push_back(
      {"bilateral", talk.initiator, {talk.target}, talk.message});
    if (!talk.answer.empty())
      record.messages.push_back(
        {"bilateral", talk.target, {talk.initiator}, talk.answer});
  }
}

} // namespace lab::actors
