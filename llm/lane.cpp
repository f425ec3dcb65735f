#include "llm/lane.hpp"

#include <algorithm>

#include "llm/outcome.hpp"
#include "llm/retry_after.hpp"
#include "runtime/base/log.hpp"

namespace lab::llm {

namespace {

/// A hosted provider gets half its slots at the start, and at least these.
constexpr std::int64_t careful_start = 16;

bool is_one_of(std::string_view word,
               std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// False for ends that prove nothing about whether the server is there.
bool reached_server(std::string_view why) {
  return !is_one_of(why, {reason::dns_failed, reason::connect_failed,
                          reason::tls_failed, reason::permit_refused,
                          reason::not_sendable, reason::cancelled,
                          reason::deadline});
}

} // namespace

LaneSettings lane_settings_of(const ProviderSettings& provider) {
  LaneSettings settings;
  settings.provider = provider.name;
  settings.limits.ceiling = provider.max_in_flight;
  settings.limits.start =
    provider.local || provider.dialect == Dialect::sim
      ? provider.max_in_flight
      : std::max(careful_start, provider.max_in_flight / 2);
  settings.limits.requests_per_minute = provider.requests_per_minute;
  settings.keep_model = provider.dialect == Dialect::ollama;
  return settings;
}

Lane::Lane(LaneSettings settings, std::unique_ptr<Transport> transport,
           Timer& timer, std::shared_ptr<const Clock> clock)
  : settings_(std::move(settings)), transport_(std::move(transport)),
    timer_(timer), clock_(std::move(clock)), limits_(settings_.limits),
    queue_(settings_.keep_model) {}

void Lane::acquire(const AcquireSlot& wanted, Granted granted) {
  if (closed_) {
    granted(fail(Errc::shutting_down, "lane " + settings_.provider));
    return;
  }
  if (slots_.count(wanted.attempt) > 0 || waiting_.count(wanted.attempt) > 0) {
    granted(fail(Errc::internal,
                 "second slot for attempt " + to_string(wanted.attempt)));
    return;
  }
  waiting_.emplace(wanted.attempt, std::move(granted));
  queue_.push(wanted);
  pump();
}

void Lane::release(AttemptId attempt) {
  if (queue_.remove(attempt)) {
    auto waiting = waiting_.extract(attempt);
    waiting.mapped()(fail(Errc::cancelled, "released while waiting"));
    return;
  }
  const auto slot = slots_.find(attempt);
  // Once sent, only the end of the attempt frees its slot.
  if (slot == slots_.end() || slot->second.ended)
    return;
  limits_.give_back(slot->second.retry);
  slots_.erase(slot);
  pump();
}

void Lane::send(const SendCall& call, Ended ended) {
  const auto attempt = call.permit.attempt();
  const auto slot = slots_.find(attempt);
  if (closed_ || slot == slots_.end() || slot->second.ended) {
    ended(never_sent(reason::not_sendable,
                     {closed_ ? Errc::shutting_down : Errc::internal,
                      "no slot for attempt " + to_string(attempt)}));
    return;
  }
  slot->second.ended = std::move(ended);
  slot->second.since = clock_->steady();
  transport_->post(call.permit, call.request,
                   [lane = weak_from_this(), attempt](CallOutcome outcome) {
                     if (auto self = lane.lock())
                       self->on_end(attempt, std::move(outcome));
                   });
}

void Lane::abort(AttemptId attempt) { transport_->abort(attempt); }

void Lane::identify(const std::string& wire_model,
                    std::function<void(Result<std::string>)> told) {
  if (closed_)
    return told(fail(Errc::shutting_down, "lane " + settings_.provider));
  transport_->identify(wire_model, std::move(told));
}

LaneStatus Lane::status() const {
  const auto now = clock_->steady();
  LaneStatus status;
  status.provider = settings_.provider;
  status.in_flight = limits_.in_flight();
  status.waiting = static_cast<std::int64_t>(queue_.size());
  status.slots = limits_.slots();
  status.ceiling = settings_.limits.ceiling;
  status.paused_ms = limits_.paused_for(now).count();
  status.state = gate_.shut(now)        ? "broken"
                 : status.paused_ms > 0 ? "paused"
                                        : "open";
  return status;
}

void Lane::close() {
  closed_ = true;
  refuse_waiting({Errc::shutting_down, "lane " + settings_.provider});
  for (auto& [attempt, slot] : std::exchange(slots_, {})) {
    if (!slot.ended)
      continue;
    CallOutcome outcome;
    outcome.reason = reason::cancelled;
    outcome.error = {Errc::shutting_down, "lane " + settings_.provider};
    slot.ended(std::move(outcome));
  }
  transport_.reset();
}

void Lane::grant(TimePoint now) {
  const auto wanted = queue_.pop();
  const bool retry = wanted.retry && !wanted.urgent;
  limits_.start(retry, now);
  slots_.emplace(wanted.attempt, Slot{retry, now, {}});
  auto waiting = waiting_.extract(wanted.attempt);
  waiting.mapped()(Done{});
}

void Lane::refuse_waiting(const Error& why) {
  queue_.clear();
  for (auto& [attempt, granted] : std::exchange(waiting_, {}))
    granted(tl::unexpected(why));
}

void Lane::pump() {
  const auto now = clock_->steady();
  if (const auto refusal = gate_.refusal(now))
    refuse_waiting(*refusal);
  if (const auto look = gate_.look_at())
    wake_at(*look, now);
  while (queue_.size() > 0 && !gate_.shut(now)) {
    const auto* wanted = queue_.next(limits_.may_start(true, now).go);
    if (wanted == nullptr) {
      // Retries alone wait. Only the retry budget's own fullness is ended by
      // another attempt's end; a pause or the rate ends by itself.
      if (const auto again = limits_.may_start(true, now).again)
        wake_at(*again, now);
      break;
    }
    const auto verdict =
      limits_.may_start(wanted->retry && !wanted->urgent, now);
    if (!verdict.go) {
      if (verdict.again)
        wake_at(*verdict.again, now);
      break;
    }
    grant(now);
  }
}

void Lane::wake_at(TimePoint at, TimePoint now) {
  if (wake_at_ && *wake_at_ <= at)
    return;
  wake_at_ = at;
  timer_.after(std::max(at - now, TimePoint::duration::zero()),
               [lane = weak_from_this()] {
                 if (auto self = lane.lock())
                   self->on_wake();
               });
}

void Lane::on_wake() {
  if (closed_)
    return;
  wake_at_.reset();
  if (const auto look = gate_.look_at(); look && *look <= clock_->steady()) {
    gate_.looking();
    transport_->look([lane = weak_from_this()](bool reached) {
      if (auto self = lane.lock())
        self->on_looked(reached);
    });
  }
  pump();
}

void Lane::on_end(AttemptId attempt, CallOutcome outcome) {
  auto slot = slots_.extract(attempt);
  if (!slot)
    return; // closed meanwhile
  const auto now = clock_->steady();
  const auto sign = judge(outcome, now);
  const auto pause = Milliseconds{
    std::clamp<std::int64_t>(outcome.retry_after_ms, 0, retry_after_ms_max)};
  limits_.end(slot.mapped().retry, slot.mapped().since, sign, pause, now);
  slot.mapped().ended(std::move(outcome));
  pump();
}

void Lane::on_looked(bool reached) {
  if (closed_)
    return;
  gate_.looked(reached, clock_->steady());
  if (reached)
    log_info("server-reached", {{"provider", settings_.provider}});
  pump();
}

LoadSign Lane::judge(const CallOutcome& outcome, TimePoint now) {
  const std::string_view why = outcome.reason;
  if (reached_server(why))
    gate_.answered();
  if (is_one_of(why, {reason::dns_failed, reason::connect_failed})) {
    log_warning("server-unreachable", {{"provider", settings_.provider},
                                       {"why", outcome.error.context}});
    gate_.unreachable(outcome.error.context, now);
  }
  if (why == reason::spend_limit) {
    log_error("provider-out-of-money", {{"provider", settings_.provider},
                                        {"why", outcome.error.context}});
    gate_.out_of_money(outcome.error.context, now);
  }
  if (outcome.resolution == Resolution::settled
      || outcome.resolution == Resolution::bounded) {
    gate_.served();
    return LoadSign::answered;
  }
  if (is_one_of(why, {reason::rate_limited, reason::overloaded})) {
    gate_.overloaded(outcome.error.context, now);
    return LoadSign::overloaded;
  }
  if (why == reason::deadline)
    return LoadSign::slow;
  return LoadSign::none;
}

} // namespace lab::llm
