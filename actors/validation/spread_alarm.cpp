#include "actors/validation/spread_alarm.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

constexpr std::size_t shingle_bytes = 200;
constexpr std::size_t participants_min = 3;

/// Lower case, one blank between words.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text)) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

/// All that a participant brought into the turn, by id in the turn's order.
using Output = std::pair<std::string, std::vector<std::string>>;

std::vector<Output> outputs_of(const TurnRecord& turn) {
  std::vector<Output> outputs;
  const auto add = [&](const std::string& id, const std::string& text) {
    auto own = std::find_if(outputs.begin(), outputs.end(),
                            [&](const Output& one) { return one.first == id; });
    if (own == outputs.end())
      own = outputs.insert(outputs.end(), {id, {}});
    own->second.push_back(plain(text));
  };
  for (const auto& decision : turn.decisions)
    add(decision.participant, decision.action);
  for (const auto& message : turn.messages)
    add(message.sender, message.text);
  return outputs;
}

/// Calls `take` with a hash of each run of `shingle_bytes` bytes.
template <class F>
void each_shingle(const std::string& text, F take) {
  if (text.size() < shingle_bytes)
    return;
  // Rabin and Karp's rolling hash, modulo 2^64.
  constexpr std::uint64_t base = 0x100'0000'01b3U;
  std::uint64_t hash = 0;
  std::uint64_t top = 1;
  for (std::size_t i = 0; i < shingle_bytes; ++i) {
    hash = hash * base + static_cast<unsigned char>(text[i]);
    if (i > 0)
      top *= base;
  }
  take(hash);
  for (std::size_t i = shingle_bytes; i < text.size(); ++i) {
    hash -= top * static_cast<unsigned char>(text[i - shingle_bytes]);
    hash = hash * base + static_cast<unsigned char>(text[i]);
    take(hash);
  }
}

} // namespace

std::vector<Spread> spreads_in(const TurnRecord& turn) {
  const auto outputs = outputs_of(turn);
  std::unordered_map<std::uint64_t, std::set<std::size_t>> owners;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    for (const auto& text : outputs[i].second)
      each_shingle(text, [&](std::uint64_t hash) { owners[hash].insert(i); });
  std::set<std::set<std::size_t>> groups; // in order, whatever the hashes are
  for (const auto& [hash, who] : owners)
    if (who.size() >= participants_min)
      groups.insert(who);
  std::vector<Spread> spreads;
  for (const auto& group : groups) {
    Spread spread;
    for (const auto i : group)
      spread.participants.push_back(outputs[i].first);
    spreads.push_back(std::move(spread));
  }
  return spreads;
}

void add_spread(std::vector<CheckResult>& checks,
                const std::vector<Spread>& spreads) {
  if (checks.empty())
    return;
  auto at = std::find_if(checks.begin(), checks.end(), [](const auto& one) {
    return one.kind == CheckKind::world_coherence;
  });
  if (at == checks.end())
    at = checks.begin();
  for (const auto& spread : spreads)
    at->issues.push_back("Spread: the same 200 characters stand in the words "
                         "of "
                         + join(spread.participants, ", ") + '.');
}

} // namespace lab::actors
