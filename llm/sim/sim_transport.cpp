#include "llm/sim/sim_transport.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "llm/outcome.hpp"
#include "llm/sim/chance.hpp"
#include "llm/sim/model_id.hpp"
#include "llm/sim/persona.hpp"
#include "llm/sim/script.hpp"
#include "llm/sim/test_function.hpp"
#include "runtime/credit/pricing.hpp"

namespace lab::llm {

namespace {

constexpr std::size_t models_max = 4096;
constexpr std::int64_t bytes_per_token = 4;
constexpr double us_per_ms = 1000;
constexpr double latency_us_max = 3600e6; // the tail of a wide jitter
constexpr const char* retry_after_ms = "50";

enum Draw : std::uint64_t {
  draw_fault,
  draw_latency,
};

/// A model id, read once.
struct Model {
  SimModel knobs;
  PriceRow price;
};

/// Errors are judged by the same table as everybody's, in the dialect whose
/// errors are the most common.
const ProviderSettings& judged_as() {
  static const auto settings = [] {
    ProviderSettings out;
    out.name = "sim";
    out.dialect = Dialect::openai;
    out.local = true;
    return out;
  }();
  return settings;
}

/// "persona" of "sim/persona".
std::string wire_name(const Model& model) {
  return model.price.model.substr(judged_as().name.size() + 1);
}

std::int64_t latency_us_of(const SimModel& knobs, const Chance& chance) {
  if (knobs.latency_ms == 0)
    return 0;
  const auto spread = knobs.jitter > 0
                        ? std::exp(knobs.jitter * chance.normal(draw_latency))
                        : 1.0;
  return static_cast<std::int64_t>(
    std::min(static_cast<double>(knobs.latency_ms) * us_per_ms * spread,
             latency_us_max));
}

Exchange answered(int status, const char* kind) {
  Exchange out;
  out.stage = Exchange::Stage::sent;
  out.end = Exchange::End::complete;
  out.status = status;
  out.content_type = "application/json";
  out.body = std::string{R"({"error":{"type":")"} + kind
             + R"(","message":"simulated"}})";
  return out;
}

Exchange ended(Exchange::End end) {
  Exchange out;
  out.stage = Exchange::Stage::sent;
  out.end = end;
  out.detail = "simulated";
  return out;
}

/// What goes wrong with an attempt, if anything.
enum class Fault : std::uint8_t {
  none,
  overloaded,
  rate_limited,
  server_error,
  timeout,
  cut,
  schema,
  refusal,
  usage,
};

Fault fault_of(const SimModel& knobs, const Chance& chance) {
  auto left = chance.unit(draw_fault);
  const std::pair<double, Fault> shares[]{{knobs.fail, Fault::overloaded},
                                          {knobs.fail429, Fault::rate_limited},
                                          {knobs.fail500, Fault::server_error},
                                          {knobs.timeout, Fault::timeout},
                                          {knobs.cut, Fault::cut},
                                          {knobs.schema, Fault::schema},
                                          {knobs.refusal, Fault::refusal},
                                          {knobs.usage, Fault::usage}};
  for (const auto& [share, fault] : shares) {
    if (left < share)
      return fault;
    left -= share;
  }
  return Fault::none;
}

/// The exchange of a fault that leaves no reply.
std::optional<Exchange> failed_exchange(Fault fault) {
  switch (fault) {
  case Fault::overloaded:
    return answered(503, "overloaded");
  case Fault::rate_limited: {
    auto out = answered(429, "rate_limited");
    out.retry_after_ms = retry_after_ms;
    return out;
  }
  case Fault::server_error:
    return answered(500, "server_error");
  case Fault::timeout:
    return ended(Exchange::End::timed_out);
  case Fault::cut: {
    auto out = ended(Exchange::End::failed);
    out.status = 200;
    out.body = R"({"choices":[{"message":{"content":"I wou)";
    return out;
  }
  case Fault::none:
  case Fault::schema:
  case Fault::refusal:
  case Fault::usage:
    break;
  }
  return std::nullopt;
}

std::int64_t tokens_of(std::int64_t bytes) {
  return std::max<std::int64_t>(1, (bytes + bytes_per_token - 1)
                                     / bytes_per_token);
}

/// Cuts a text to what `tokens` allow, between characters.
void cut_to(std::string& text, std::int64_t tokens) {
  auto size = static_cast<std::size_t>(tokens * bytes_per_token);
  while (size > 0 && size < text.size()
         && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U)
    --size;
  text.resize(std::min(size, text.size()));
}

/// Fills in the usage of a reply; a persona's is cut at the cap.
void count(Reply& reply, const Model& model, const ChatRequest& request) {
  std::int64_t bytes = std::ssize(request.schema);
  for (const auto& message : request.messages)
    bytes += std::ssize(message.text);
  reply.usage.input =
    std::min(tokens_of(bytes), runtime::input_bound(model.price, request));
  const auto cap = request.output_cap;
  reply.usage.output = tokens_of(std::ssize(reply.text));
  if (reply.usage.output > cap) {
    // A script's texts may come from a model that has longer tokens than ours.
    if (model.knobs.kind != SimKind::script) {
      cut_to(reply.text, cap);
      reply.finish = FinishReason::length;
    }
    reply.usage.output = cap;
  }
  if (model.knobs.tokens_out > 0)
    reply.usage.output = std::min(model.knobs.tokens_out, cap);
}

} // namespace

struct SimTransport::State {
  struct Pending {
    std::string model; // for the words of an abort
    CallOutcome outcome;
    std::function<void(CallOutcome)> done;
  };

  State(PermitRegister& permit_register, Timer& clock)
    : permits(permit_register), timer(clock) {}

  Result<const Model*> model_of(const std::string& id);
  /// Text and, from a script, how it ended.
  Result<void> write(Reply& reply, const Model& model,
                     const ChatRequest& request);
  Result<CallOutcome> outcome(const Model& model, const ChatRequest& request,
                              const Chance& chance);

  PermitRegister& permits;
  Timer& timer;
  Persona persona;
  TestFunction function;
  std::unordered_map<std::string, Model> models; // by id, knobs included
  std::map<std::string, Script> scripts;         // by path
  std::unordered_map<AttemptId, Pending> in_flight;
};

Result<const Model*> SimTransport::State::model_of(const std::string& id) {
  if (const auto known = models.find(id); known != models.end())
    return &known->second;
  LAB_TRY(SimModel knobs,
          parse_sim_model(std::string_view{id}.substr(id.find('/') + 1)));
  if (models.size() >= models_max)
    models.clear();
  auto price = sim_price(knobs);
  return &models.emplace(id, Model{std::move(knobs), std::move(price)})
            .first->second;
}

Result<void> SimTransport::State::write(Reply& reply, const Model& model,
                                        const ChatRequest& request) {
  if (model.knobs.kind == SimKind::testfn) {
    LAB_TRY(reply.text, function.answer(model.knobs.function, request));
    return {};
  }
  if (model.knobs.kind != SimKind::script) {
    LAB_TRY(reply.text, persona.answer(request));
    return {};
  }
  auto script = scripts.find(model.knobs.file);
  if (script == scripts.end()) {
    LAB_TRY(Script loaded, Script::load(model.knobs.file));
    script = scripts.emplace(model.knobs.file, std::move(loaded)).first;
  }
  LAB_TRY(const Brief brief, parse_brief(request.brief));
  if (const auto* found = script->second.find(brief)) {
    reply.text = found->text;
    reply.finish = found->finish;
    return {};
  }
  LAB_TRY(reply.text, persona.answer(request, Manner::minimal));
  return {};
}

Result<CallOutcome> SimTransport::State::outcome(const Model& model,
                                                 const ChatRequest& request,
                                                 const Chance& chance) {
  auto fault = fault_of(model.knobs, chance);
  if (model.knobs.kind == SimKind::testfn) {
    LAB_TRY(const bool fails,
            TestFunction::fails(model.knobs.function, request));
    fault = fails ? Fault::refusal : Fault::none;
  }
  if (const auto exchange = failed_exchange(fault))
    return outcome_of(*exchange, asked_of(judged_as(), wire_name(model),
                                          model.price, request, 0));
  Reply reply;
  reply.served_model = model.price.model;
  switch (fault) {
  case Fault::schema:
    reply.text = "I would rather speak about something else.";
    break;
  case Fault::refusal:
    reply.text = "I cannot help with that.";
    reply.finish = FinishReason::refusal;
    break;
  default: {
    LAB_CHECKED(write(reply, model, request));
  }
  }
  count(reply, model, request);

  CallOutcome out;
  if (fault == Fault::usage) {
    out.resolution = Resolution::bounded;
    out.reason = reason::usage_nonsense;
    reply.usage = {};
  } else {
    out.resolution = Resolution::settled;
    out.reason = reason::ok;
    out.usage = reply.usage;
    LAB_TRY(out.bill, runtime::cost_of(model.price, reply.usage));
  }
  out.reply = std::move(reply);
  return out;
}

SimTransport::SimTransport(PermitRegister& permits, Timer& timer)
  : state_(std::make_shared<State>(permits, timer)) {}

SimTransport::~SimTransport() = default;

void SimTransport::post(const SpendPermit& permit, const ChatRequest& request,
                        std::function<void(CallOutcome)> done) {
  auto& state = *state_;
  const auto attempt = permit.attempt();
  const auto refuse = [&](std::string_view why, Error error) {
    state.timer.after(
      std::chrono::nanoseconds{0},
      [done, out = never_sent(why, std::move(error))] { done(out); });
  };
  if (auto redeemed = state.permits.redeem(permit); !redeemed)
    return refuse(reason::permit_refused, std::move(redeemed.error()));
  const auto model = state.model_of(request.model);
  if (!model)
    return refuse(reason::not_sendable, model.error());
  const Chance chance{attempt.value.high ^ attempt.value.low};
  auto outcome = state.outcome(**model, request, chance);
  if (!outcome)
    return refuse(reason::not_sendable, std::move(outcome.error()));
  outcome->latency_us = latency_us_of((*model)->knobs, chance);
  const std::chrono::microseconds wait{outcome->latency_us};
  state.in_flight.emplace(
    attempt,
    State::Pending{wire_name(**model), std::move(*outcome), std::move(done)});
  state.timer.after(wait, [weak = std::weak_ptr{state_}, attempt] {
    const auto alive = weak.lock();
    if (!alive)
      return;
    if (auto entry = alive->in_flight.extract(attempt))
      entry.mapped().done(std::move(entry.mapped().outcome));
  });
}

void SimTransport::abort(AttemptId attempt) {
  auto entry = state_->in_flight.extract(attempt);
  if (!entry)
    return;
  auto outcome =
    outcome_of(ended(Exchange::End::aborted),
               asked_of(judged_as(), entry.mapped().model, {}, {}, 0));
  state_->timer.after(std::chrono::nanoseconds{0},
                      [done = std::move(entry.mapped().done),
                       out = std::move(outcome)] { done(out); });
}

} // namespace lab::llm
