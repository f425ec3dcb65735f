#include "llm/reply_index.hpp"

#include <variant>

namespace lab::llm {

namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>; // clang 14 does not guess it

} // namespace

void ReplyIndex::apply(const Fact& fact) {
  std::visit(Overloaded{
               [this](const CallReserved& f) {
                 const auto call = call_key_of(f.owner.run, f.place);
                 auto& known = know(call, f.fingerprint, f.outline);
                 known.attempts = std::max(known.attempts, f.number);
                 open_[f.attempt] = {
                   call, share_key_of(f.owner.scope, f.place, f.fingerprint)};
               },
               [this](const CallResolved& f) {
                 const auto open = open_.extract(f.attempt);
                 if (!open)
                   return;
                 auto& known = calls_[open.mapped().call];
                 if (f.resolution == Resolution::unknown && f.reason != "crash")
                   ++known.doubted;
                 // A settlement without a reply was paid for and is no data.
                 if (f.reply_hash == Digest256{})
                   return;
                 known.reply = f.attempt;
                 shares_.try_emplace(open.mapped().share, f.attempt);
               },
               [this](const CallShared& f) {
                 auto& known =
                   know(call_key_of(f.run, f.place), f.fingerprint, {});
                 known.reply = f.source;
               },
               [this](const PriceRecorded& f) { prices_.insert(f.price_id); },
               [](const auto&) {},
             },
             fact);
}

Found ReplyIndex::look_up(const IssueCall& call,
                          Fingerprint fingerprint) const {
  for (const auto run : {call.inherit_from, call.owner.run}) {
    const auto known =
      run ? calls_.find(call_key_of(run, call.place)) : calls_.end();
    if (known == calls_.end())
      continue;
    if (known->second.fingerprint != fingerprint)
      return {Found::Kind::non_determinism,
              {},
              difference(known->second, call.request)};
    if (known->second.reply)
      return {Found::Kind::journalled, known->second.reply, {}};
  }
  const auto share =
    shares_.find(share_key_of(call.owner.scope, call.place, fingerprint));
  if (share != shares_.end())
    return {Found::Kind::shared, share->second, {}};
  return {};
}

std::int32_t ReplyIndex::begin_attempt(CallKey call, Fingerprint fingerprint,
                                       std::string_view outline) {
  return ++know(call, fingerprint, outline).attempts;
}

std::int32_t ReplyIndex::doubted(CallKey call) const {
  const auto known = calls_.find(call);
  return known == calls_.end() ? 0 : known->second.doubted;
}

ReplyIndex::Known& ReplyIndex::know(CallKey call, Fingerprint fingerprint,
                                    std::string_view outline) {
  const auto [entry, fresh] = calls_.try_emplace(call);
  auto& known = entry->second;
  if (fresh)
    known.fingerprint = fingerprint;
  if (known.outline_size == 0 && !outline.empty()) {
    known.outline_at = outlines_.size();
    known.outline_size = static_cast<std::uint32_t>(outline.size());
    outlines_ += outline;
  }
  return known;
}

std::string ReplyIndex::difference(const Known& known,
                                   const ChatRequest& request) const {
  const auto field = first_difference(
    std::string_view{outlines_}.substr(known.outline_at, known.outline_size),
    outline_of(request));
  // A shared reply's fact has no outline, and an outline leaves some fields
  // of a request together.
  return known.outline_size == 0 || field.empty() ? "request" : field;
}

} // namespace lab::llm
