#include "actors/phases/coalition_course.hpp"

#include <algorithm>
#include <utility>

namespace lab::actors {

CoalitionCourse::CoalitionCourse(CoalitionProposal proposal)
  : proposal_(std::move(proposal)) {}

std::vector<std::string> CoalitionCourse::member_set() const {
  auto all = proposal_.members;
  all.push_back(proposal_.proposer);
  std::ranges::sort(all);
  return all;
}

void CoalitionCourse::skip_as_repeated() { proposal_.repeated = true; }

bool CoalitionCourse::asks() const {
  return !proposal_.members.empty() && !proposal_.repeated;
}

void CoalitionCourse::take_answer(std::size_t member,
                                  CoalitionAnswered answered) {
  answers_.emplace(member, std::move(answered));
  if (!all_answered() || !failures_.empty())
    return;
  proposal_.formed = true;
  for (auto& [place, one] : answers_) {
    proposal_.formed = proposal_.formed && one.answer.accepted;
    proposal_.answers.push_back(one.answer);
  }
}

void CoalitionCourse::take_word(CoalitionSpoken spoken) {
  words_.push_back(std::move(spoken.message));
  words_time_.critical_us += spoken.time.critical_us;
  words_time_.total_us += spoken.time.total_us;
}

void CoalitionCourse::take_failure(std::size_t member, Error why) {
  failures_.emplace(member, std::move(why));
}

bool CoalitionCourse::all_answered() const {
  return answers_.size() + failures_.size() >= proposal_.members.size();
}

std::optional<std::string> CoalitionCourse::next_speaker() const {
  if (!proposal_.formed || !failures_.empty() || words_.size() == speakers())
    return std::nullopt;
  return words_.empty() ? proposal_.proposer
                        : proposal_.members[words_.size() - 1];
}

bool CoalitionCourse::ended() const {
  return !asks() || (all_answered() && !next_speaker());
}

std::vector<Message> CoalitionCourse::said() const {
  std::vector<Message> said;
  for (const auto& answer : proposal_.answers)
    if (!answer.response.empty())
      said.push_back({"coalition",
                      answer.participant,
                      {proposal_.proposer},
                      answer.response});
  for (const auto& word : words_)
    if (!word.text.empty())
      said.push_back(word);
  return said;
}

const Error* CoalitionCourse::error() const {
  return failures_.empty() ? nullptr : &failures_.begin()->second;
}

ModelTime CoalitionCourse::time() const {
  ModelTime time;
  for (const auto& [member, answer] : answers_) {
    time.critical_us = std::max(time.critical_us, answer.time.critical_us);
    time.total_us += answer.time.total_us;
  }
  time.critical_us += words_time_.critical_us;
  time.total_us += words_time_.total_us;
  return time;
}

void CoalitionCourse::add_to(TurnRecord& record) const {
  record.coalitions.push_back(proposal_);
  if (!asks())
    return;
  record.messages.push_back(
    {"coalition", proposal_.proposer, proposal_.members, proposal_.purpose});
  for (auto& message : said())
    record.messages.push_back(std::move(message));
}

} // namespace lab::actors
