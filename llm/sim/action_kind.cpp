#include "llm/sim/action_kind.hpp"

#include <algorithm>
#include <string>

namespace lab::llm {

namespace {

constexpr double up = 1.6;
constexpr double down = -1.6;

// In the order of ActionKind. Weights: caution, openness, trust, power,
// pressure. @source docs/sim.md, the table of kinds.
constexpr std::array<ActionRule, action_kinds> rules{{
  {ActionKind::propose,
   0.6,
   0.3,
   {down, up, up, 0, 0},
   {"@n proposes to @t a first joint step towards this aim: @g.",
    "@n proposes a working plan that serves @g and asks @t to comment on it.",
    "@n proposes talks with @t about @g, with a draft text on the table."},
   "Put a workable text on the table",
   "An offer made early shapes what the others discuss.",
   "put a proposal on the table"},
  {ActionKind::concede,
   0.8,
   0.0,
   {0, 0, up, down, up},
   {"@n concedes a point to @t and expects movement on @g in return.",
    "@n concedes part of its earlier demand so that the talks can go on.",
    "@n concedes ground on a side issue and keeps @g in view."},
   "Trade a small point for a larger one",
   "Giving a little now costs less than a stalemate.",
   "gave ground"},
  {ActionKind::comply,
   0.7,
   0.2,
   {0, 0, up, down, up},
   {"@n complies with what was agreed and says so in public.",
    "@n complies in full, reports on it to @t, and ties this to @g.",
    "@n complies with the common rules ahead of time."},
   "Keep every commitment visibly",
   "Being seen to keep one's word is worth more than the cost of it.",
   "met its commitments"},
  {ActionKind::disclose,
   0.8,
   0.0,
   {down, up, 0, 0, up},
   {"@n discloses the figures behind its position and invites @t to check "
    "them.",
    "@n discloses an internal assessment that bears on @g.",
    "@n discloses what it knows and asks @t to do the same."},
   "Let facts be checked",
   "Open books make the others' suspicions cheaper to answer.",
   "opened its books"},
  {ActionKind::mediate,
   0.5,
   0.0,
   {up, up, 0, down, 0},
   {"@n mediates between the parties and gathers what @t could accept.",
    "@n mediates and summarises where everybody stands on @g.",
    "@n mediates in private and reports common ground."},
   "Bring the others to one table",
   "Nobody loses face when a third party finds the words.",
   "offered its good offices"},
  {ActionKind::coalition,
   0.4,
   0.1,
   {0, up, up, 0, 0},
   {"@n allies with @t around @g and invites others in.",
    "@n allies with those who share @g and names @t as a partner.",
    "@n allies with @t on a common line for the next round."},
   "Find partners",
   "Two voices that say the same are heard sooner than one.",
   "looked for partners"},
  {ActionKind::hold,
   -0.1,
   0.4,
   {up, down, 0, up, 0},
   {"@n holds its position and repeats that @g comes first.",
    "@n holds still, watches @t, and leaves its earlier statement as it was.",
    "@n holds to its course and gives no new commitments."},
   "Give nothing away",
   "Nothing on the table is better than what there is.",
   "stood where it was"},
  {ActionKind::delay,
   -0.3,
   0.1,
   {up, 0, 0, 0, down},
   {"@n delays its answer to @t and asks for further studies.",
    "@n delays the next step until @g is clearer.",
    "@n delays: it calls for a review before anything binding."},
   "Buy time",
   "Waiting is cheap as long as nobody else moves.",
   "played for time"},
  {ActionKind::defect,
   -0.8,
   -0.2,
   {0, 0, down, up, down},
   {"@n reneges on an earlier understanding with @t and acts alone for @g.",
    "@n reneges on what was agreed and presents this as a necessity.",
    "@n reneges quietly, and @t learns of it from others."},
   "Secure its own advantage",
   "The others would do the same, and sooner.",
   "walked away from what was agreed"},
  {ActionKind::escalate,
   -1.0,
   -0.1,
   {down, 0, down, up, 0},
   {"@n escalates: it sets @t a deadline over @g.",
    "@n escalates in public and announces measures against @t.",
    "@n escalates the dispute and ties every other file to it."},
   "Raise the price of saying no",
   "Without pressure nothing will move at all.",
   "raised the stakes"},
}};

struct Word {
  std::string_view word;
  ActionKind kind;
};

/// Verbs in the forms that people and models use; sorted.
constexpr std::array words{
  Word{"accept", ActionKind::concede},
  Word{"accepts", ActionKind::concede},
  Word{"allies", ActionKind::coalition},
  Word{"ally", ActionKind::coalition},
  Word{"compliance", ActionKind::comply},
  Word{"complies", ActionKind::comply},
  Word{"comply", ActionKind::comply},
  Word{"concede", ActionKind::concede},
  Word{"concedes", ActionKind::concede},
  Word{"cooperate", ActionKind::comply},
  Word{"cooperates", ActionKind::comply},
  Word{"defect", ActionKind::defect},
  Word{"defects", ActionKind::defect},
  Word{"delay", ActionKind::delay},
  Word{"delays", ActionKind::delay},
  Word{"disclose", ActionKind::disclose},
  Word{"discloses", ActionKind::disclose},
  Word{"escalate", ActionKind::escalate},
  Word{"escalates", ActionKind::escalate},
  Word{"hold", ActionKind::hold},
  Word{"holds", ActionKind::hold},
  Word{"mediate", ActionKind::mediate},
  Word{"mediates", ActionKind::mediate},
  Word{"offer", ActionKind::propose},
  Word{"offers", ActionKind::propose},
  Word{"postpone", ActionKind::delay},
  Word{"postpones", ActionKind::delay},
  Word{"propose", ActionKind::propose},
  Word{"proposes", ActionKind::propose},
  Word{"publish", ActionKind::disclose},
  Word{"publishes", ActionKind::disclose},
  Word{"refuse", ActionKind::hold},
  Word{"refuses", ActionKind::hold},
  Word{"renege", ActionKind::defect},
  Word{"reneges", ActionKind::defect},
  Word{"retaliate", ActionKind::escalate},
  Word{"retaliates", ActionKind::escalate},
  Word{"threaten", ActionKind::escalate},
  Word{"threatens", ActionKind::escalate},
  Word{"violate", ActionKind::defect},
  Word{"violates", ActionKind::defect},
  Word{"withdraw", ActionKind::defect},
  Word{"withdraws", ActionKind::defect},
};
static_assert(std::is_sorted(words.begin(), words.end(),
                             [](const Word& a, const Word& b) {
                               return a.word < b.word;
                             }));
constexpr std::size_t word_size_max = 16;

std::optional<ActionKind> look_up(std::string_view word) {
  const auto found = std::lower_bound(
    words.begin(), words.end(), word,
    [](const Word& w, std::string_view wanted) { return w.word < wanted; });
  if (found == words.end() || found->word != word)
    return std::nullopt;
  return found->kind;
}

} // namespace

const ActionRule& rule_of(ActionKind kind) {
  return rules.at(static_cast<std::size_t>(kind));
}

std::optional<ActionKind> kind_in(std::string_view text) {
  std::array<char, word_size_max> word{};
  std::size_t size = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    const auto lower = static_cast<unsigned char>(c | 0x20U);
    if (lower >= 'a' && lower <= 'z') {
      if (size < word_size_max)
        word[size] = static_cast<char>(lower);
      ++size;
      continue;
    }
    if (size > 2 && size < word_size_max)
      if (const auto kind = look_up({word.data(), size}))
        return kind;
    size = 0;
  }
  return std::nullopt;
}

} // namespace lab::llm
