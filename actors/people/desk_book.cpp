#include "actors/people/desk_book.hpp"

#include <algorithm>
#include <tuple>

#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

/// Late answers to older questions are told that the question is not open.
constexpr std::size_t ended_max = 1'000;

AnswerVerdict closed(std::string why) {
  return {AnswerVerdict::State::closed, {std::move(why)}};
}

} // namespace

Result<void> DeskBook::open(OpenQuestion question) {
  LAB_TRY(auto form, form_of(question.kind, question.schema));
  const auto id = question.id;
  const bool fresh =
    open_.emplace(id, Entry{std::move(question), std::move(form)}).second;
  LAB_CHECK(fresh, "second question of attempt " + to_string(id));
  return {};
}

DeskBook::Answered DeskBook::answer(AttemptId id, std::string_view text) {
  const auto entry = open_.find(id);
  if (entry == open_.end()) {
    for (const auto& [ended, why] : ended_)
      if (ended == id)
        return {closed(why), {}};
    return {closed("there is no such question"), {}};
  }
  auto good = check_answer(entry->second.form, text);
  if (!good)
    return {{AnswerVerdict::State::invalid, std::move(good.error())}, {}};
  end(id, "this question was answered already; the first answer counts");
  return {{AnswerVerdict::State::taken, {}}, std::move(*good)};
}

bool DeskBook::expire(AttemptId id) {
  return end(id, "the deadline of this question has passed");
}

bool DeskBook::withdraw(AttemptId id) {
  return end(id, "this question was withdrawn; resume its run to be asked "
                 "again");
}

Questions DeskBook::questions(RunId run) const {
  Questions found;
  for (const auto& [id, entry] : open_)
    if (!run || entry.question.run == run)
      found.open.push_back(entry.question);
  std::sort(found.open.begin(), found.open.end(),
            [](const OpenQuestion& a, const OpenQuestion& b) {
              return std::tie(a.run, a.place) < std::tie(b.run, b.place);
            });
  return found;
}

const OpenQuestion* DeskBook::find(AttemptId id) const {
  const auto entry = open_.find(id);
  return entry == open_.end() ? nullptr : &entry->second.question;
}

std::vector<AttemptId> DeskBook::ids() const {
  std::vector<AttemptId> all;
  for (const auto& [id, entry] : open_)
    all.push_back(id);
  return all;
}

bool DeskBook::end(AttemptId id, std::string why) {
  if (open_.erase(id) == 0)
    return false;
  ended_.emplace_back(id, std::move(why));
  if (ended_.size() > ended_max)
    ended_.pop_front();
  return true;
}

} // namespace lab::actors
