#include "llm/sim/talk_answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "llm/sim/traits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

// @source docs/sim.md, "Talks and coalitions"
constexpr double temperature = 0.35;
constexpr double noise = 0.35;
constexpr double warm_from = 0.15;
constexpr double cool_below = -0.15;
constexpr double join_base = 0.25;
constexpr std::size_t partners_min = 2;

/// What each draw of a call is for; those of persona.cpp come before.
enum Draw : std::uint64_t {
  draw_wish = 8,
  draw_with,
  draw_words,
  draw_aim,
  draw_mood,
  draw_size,
  draw_ranks,
};

using Patterns = std::array<std::string_view, 3>;

// The first verb of a message is what a listener goes by, as with actions.
constexpr Patterns friendly_offers{
  "@n proposes to @t to speak openly about this aim: @g. What would help you?",
  "@n offers @t a first step and asks what it would take to move on @g.",
  "@n discloses to @t, in confidence, that @g matters most to it. And to you?"};
constexpr Patterns pressing_offers{
  "@n holds that @t has to move first. Without that there is nothing on @g.",
  "@n threatens to go its own way on @g unless @t shows some movement soon.",
  "@n delays any commitment until @t says plainly where it stands on @g."};
constexpr Patterns warm_answers{
  "@n accepts the point that @t makes and is ready to work on @g together.",
  "@n cooperates gladly: tell us, @t, what you need, and we bring in @g.",
  "@n discloses what it can live with, as long as @g is kept in view."};
constexpr Patterns even_answers{
  "@n has heard @t and will think about it; @g stays what it looks at first.",
  "@n thanks @t for the frank word. On @g it would like to know more.",
  "@n sees some sense in this and some risk for @g, and keeps it to itself."};
constexpr Patterns cool_answers{
  "@n holds its position: @t asks for much and gives little for @g.",
  "@n refuses to settle this in private, @t; @g is not for trade.",
  "@n delays its answer to @t until others have shown their hands on @g."};
constexpr Patterns purposes{
  "A common line of @n and its partners on this aim: @g.",
  "Standing together, with @t first of all, for @g.",
  "One voice in the next rounds, so that @g is heard."};
constexpr Patterns joins{
  "@n accepts and expects that @g has its place in what we do.",
  "@n allies with @t and brings in @g.",
  "@n accepts, @t: together we are heard sooner, also on @g."};
constexpr Patterns stays_out{
  "@n holds to its own course; with @t it sees too little for @g.",
  "@n refuses, @t, because this would bind it where @g needs freedom.",
  "@n delays joining anything until @g is clearer."};
constexpr Patterns coalition_words{
  "@n complies with what we agreed and asks all of us to keep @g in view.",
  "@n proposes that we speak with one voice from now on, @t first, on @g.",
  "@n allies with all of you and brings in what it has for @g."};

std::string_view goal_of(const Brief& brief, const Chance& chance) {
  return brief.goals.empty()
           ? std::string_view{"its own position"}
           : without_stop(
             brief.goals[chance.below(draw_aim, brief.goals.size())]);
}

std::string sentence(const Patterns& patterns, const Brief& brief,
                     std::string_view target, const Chance& chance) {
  std::string out;
  fill(out, patterns.at(chance.below(draw_words, patterns.size())),
       {brief.name.empty() ? brief.participant : brief.name, target,
        goal_of(brief, chance)});
  return out;
}

/// What `id` did last turn.
double stance_of_last(const Brief& brief, std::string_view id) {
  for (const auto& action : brief.actions)
    if (action.participant == id)
      return stance_of(action.text);
  return 0;
}

/// From how it is, towards the others in general; 0 in the middle.
double goodwill(const Dials& dials) {
  return (dials.trust - 0.5) + (dials.openness - 0.5) - (dials.power - 0.5);
}

double drawn_noise(const Chance& chance, std::uint64_t draw) {
  return noise * chance.child(draw).normal(0);
}

struct Other {
  std::string_view id;
  std::string_view name;
  double weight = 0;
};

std::vector<Other> others_of(const Brief& brief) {
  std::vector<Other> others;
  for (const auto& [id, name] : brief.names)
    if (id != brief.participant)
      others.push_back({id, name, 0});
  return others;
}

Answer::Part text_part(std::string_view property, std::string_view label,
                       const std::string& text, bool main = false) {
  return {property, label, json_quote(text), text, main};
}

Answer::Part truth_part(std::string_view property, std::string_view label,
                        bool value) {
  return {property, label, value ? "true" : "false", value ? "yes" : "no",
          true};
}

// --- Offer

Answer no_offer() {
  Answer answer;
  answer.parts = {truth_part("initiate", "INITIATE_BILATERAL", false),
                  text_part("target", "TARGET_ACTOR", "none"),
                  text_part("message", "PROPOSED_MESSAGE", "none"),
                  text_part("reasoning", "REASONING",
                            "Nothing has to be said in private now.")};
  return answer;
}

/// The trusting look for those who cooperated, the powerful for those who did
/// not.
const Other& sought(std::vector<Other>& others, const Brief& brief,
                    const Dials& dials, const Chance& chance) {
  double total = 0;
  for (auto& other : others) {
    const auto stance = stance_of_last(brief, other.id);
    other.weight = std::exp((dials.trust - dials.power) * stance / temperature);
    total += other.weight;
  }
  auto left = chance.unit(draw_with) * total;
  for (const auto& other : others) {
    left -= other.weight;
    if (left < 0)
      return other;
  }
  return others.back();
}

Answer offer(const Brief& brief, const Dials& dials, const Chance& chance) {
  auto others = others_of(brief);
  const auto wish =
    std::clamp(0.5 + 0.6 * (dials.openness - 0.5) + 0.4 * (dials.pressure - 0.5)
                 - 0.3 * (dials.caution - 0.5),
               0.05, 0.95);
  if (others.empty() || chance.unit(draw_wish) >= wish)
    return no_offer();
  const auto& target = sought(others, brief, dials, chance);
  const bool friendly = goodwill(dials)
                          + reciprocity * stance_of_last(brief, target.id)
                          + drawn_noise(chance, draw_mood)
                        >= 0;
  Answer answer;
  answer.parts = {
    truth_part("initiate", "INITIATE_BILATERAL", true),
    text_part("target", "TARGET_ACTOR", std::string{target.name}),
    text_part("message", "PROPOSED_MESSAGE",
              sentence(friendly ? friendly_offers : pressing_offers, brief,
                       target.name, chance),
              true),
    text_part("reasoning", "REASONING",
              friendly ? "A word in private is cheaper than one in public."
                       : "Pressure works best where nobody looks on.")};
  return answer;
}

// --- Answer

Answer talk_answer(const Brief& brief, const Dials& dials,
                   const Chance& chance) {
  const auto warmth = goodwill(dials) + reciprocity * stance_of(brief.message)
                      + drawn_noise(chance, draw_mood);
  const auto& patterns = warmth >= warm_from    ? warm_answers
                         : warmth >= cool_below ? even_answers
                                                : cool_answers;
  const auto from = shown_name(brief, brief.from);
  Answer answer;
  answer.parts = {text_part("response", "RESPONSE",
                            sentence(patterns, brief, from, chance), true),
                  text_part("internal_notes", "INTERNAL_NOTES",
                            warmth >= warm_from ? "Worth following up."
                            : warmth >= cool_below
                              ? "Nothing is promised by listening."
                              : "Be careful here.")};
  return answer;
}

// --- Proposal

Answer no_proposal() {
  Answer answer;
  answer.parts = {truth_part("propose", "PROPOSE_COALITION", false),
                  {"members", "COALITION_MEMBERS", "[]", "none", false},
                  text_part("purpose", "COALITION_PURPOSE", "none"),
                  text_part("reasoning", "REASONING",
                            "There is no common ground to stand on yet.")};
  return answer;
}

/// The most cooperative of last turn, with some luck: two, and more the more
/// open it is.
std::vector<Other> partners(const Brief& brief, const Dials& dials,
                            const Chance& chance) {
  auto others = others_of(brief);
  for (std::size_t i = 0; i < others.size(); ++i)
    others[i].weight = stance_of_last(brief, others[i].id)
                       + drawn_noise(chance.child(draw_ranks), i);
  std::ranges::stable_sort(others, std::ranges::greater{}, &Other::weight);
  const auto spare = others.size() - partners_min;
  const auto more = static_cast<std::size_t>(
    chance.unit(draw_size) * dials.openness * static_cast<double>(spare + 1));
  others.resize(partners_min + std::min(more, spare));
  return others;
}

Answer proposal(const Brief& brief, const Dials& dials, const Chance& chance) {
  const auto wish =
    std::clamp(0.35 + 0.6 * (dials.trust - 0.5) + 0.6 * (dials.openness - 0.5)
                 - 0.4 * (dials.power - 0.5),
               0.02, 0.9);
  const bool enough = brief.names.size() > partners_min;
  if (!enough || chance.unit(draw_wish) >= wish)
    return no_proposal();
  std::vector<std::string> names;
  std::vector<std::string> quoted;
  for (const auto& partner : partners(brief, dials, chance)) {
    names.emplace_back(partner.name);
    quoted.push_back(json_quote(partner.name));
  }
  Answer answer;
  answer.parts = {
    truth_part("propose", "PROPOSE_COALITION", true),
    {"members", "COALITION_MEMBERS", '[' + join(quoted, ",") + ']',
     join(names, ", "), false},
    text_part("purpose", "COALITION_PURPOSE",
              sentence(purposes, brief, names.front(), chance), true),
    text_part("reasoning", "REASONING",
              "Several voices that say the same are heard sooner.")};
  return answer;
}

// --- Answer to a proposal, word

Answer coalition_answer(const Brief& brief, const Dials& dials,
                        const Chance& chance) {
  const auto score = join_base + goodwill(dials) + 0.2 * (dials.trust - 0.5)
                     + 0.6 * (dials.pressure - 0.5)
                     - 0.4 * (dials.caution - 0.5)
                     + reciprocity * stance_of_last(brief, brief.from)
                     + drawn_noise(chance, draw_mood);
  const bool joins_in = score > 0;
  const auto from = shown_name(brief, brief.from);
  Answer answer;
  answer.parts = {
    text_part("decision", "DECISION", joins_in ? "accept" : "reject", true),
    text_part("response", "RESPONSE",
              sentence(joins_in ? joins : stays_out, brief, from, chance)),
    text_part("internal_notes", "INTERNAL_NOTES",
              joins_in ? "Leaving stays possible."
                       : "Alone it keeps its hands free.")};
  return answer;
}

Answer word(const Brief& brief, const Chance& chance) {
  // The proposer speaks to its first partner, the others to the proposer.
  const bool own = brief.from == brief.participant;
  const auto to =
    own && !brief.members.empty() ? brief.members.front() : brief.from;
  Answer answer;
  answer.parts = {text_part(
    "message", "MESSAGE",
    sentence(coalition_words, brief, shown_name(brief, to), chance), true)};
  return answer;
}

/// The least that is an answer: silence, and no to a coalition.
Answer minimal(Brief::Kind kind) {
  Answer answer;
  switch (kind) {
  case Brief::Kind::talk_offer:
    return no_offer();
  case Brief::Kind::coalition_proposal:
    return no_proposal();
  case Brief::Kind::talk_answer:
    answer.parts = {text_part("response", "RESPONSE", "none", true),
                    text_part("internal_notes", "INTERNAL_NOTES", "none")};
    return answer;
  case Brief::Kind::coalition_answer:
    answer.parts = {text_part("decision", "DECISION", "reject", true),
                    text_part("response", "RESPONSE", "none"),
                    text_part("internal_notes", "INTERNAL_NOTES", "none")};
    return answer;
  default:
    answer.parts = {text_part("message", "MESSAGE", "none", true)};
    return answer;
  }
}

} // namespace

Answer talked(const Brief& brief, const Chance& chance, Manner manner) {
  if (manner == Manner::minimal)
    return minimal(brief.kind);
  const auto dials = dials_of(brief);
  switch (brief.kind) {
  case Brief::Kind::talk_offer:
    return offer(brief, dials, chance);
  case Brief::Kind::talk_answer:
    return talk_answer(brief, dials, chance);
  case Brief::Kind::coalition_proposal:
    return proposal(brief, dials, chance);
  case Brief::Kind::coalition_answer:
    return coalition_answer(brief, dials, chance);
  case Brief::Kind::coalition_word:
    return word(brief, chance);
  default:
    LAB_CHECK(false, "not a kind of talk");
    return {};
  }
}

} // namespace lab::llm
