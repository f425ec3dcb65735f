#include "tools/dev/fake_provider/provider.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "runtime/base/text.hpp"
#include "tools/dev/fake_provider/chance.hpp"

namespace lab::tools::fake {

namespace {

constexpr const char* json_type = "application/json";

std::string hex(std::uint64_t bits) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(bits));
  return text;
}

std::string ok_response(const std::string& body) {
  return http_response(200, json_type, "", body.size(), body);
}

/// The head and half of the body in one chunk that claims to be whole.
std::string cut_chunked(const std::string& body) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  return std::string{"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"}
         + size + body.substr(0, body.size() / 2);
}

/// What happens to the bill where the script does not say: work that was done
/// is billed, an error or silence is not.
bool billed_by_habit(FaultKind kind) {
  switch (kind) {
  case FaultKind::status:
  case FaultKind::redirect:
  case FaultKind::hang:
  case FaultKind::html:
  case FaultKind::empty:
    return false;
  default:
    return true;
  }
}

bool is_swap(const Fault* fault) {
  return fault != nullptr && fault->kind == FaultKind::swapped;
}

} // namespace

/// A reply before it is written.
struct Provider::Draft {
  ReplyParts parts;
  Answer answer; // latency and log entry
};

Provider::Provider(Options options, FaultScript script)
  : options_(std::move(options)), script_(std::move(script)) {}

Answer Provider::answer(const Received& request) {
  if (asks_for_models(options_, request))
    return model_list(request, is_swap(script_.pick(request)));
  auto drafted = draft(request, false);
  if (!drafted)
    return refused(request, drafted.error());
  const auto* fault = script_.pick(request);
  if (is_swap(fault))
    drafted = draft(request, true);
  if (!fault)
    return send(*drafted);
  return send_faulty(*fault, std::move(*drafted));
}

Answer Provider::refused(const Received& request, const Refusal& why) const {
  Answer answer;
  const auto body = error_body(options_.dialect, why.status, "", why.message);
  answer.bytes = http_response(why.status, json_type, "", body.size(), body);
  answer.entry.index = request.index;
  answer.entry.at_ms = request.at_ms;
  answer.entry.outcome = why.contract ? "contract_violation" : "refused";
  answer.entry.status = why.status;
  answer.entry.request = hash_of(request.body);
  answer.entry.detail = why.message;
  return answer;
}

Answer Provider::model_list(const Received& request, bool swapped) const {
  std::string models;
  for (const auto& name : options_.models)
    models += (models.empty() ? "" : ",") + std::string{"{\"name\":"}
              + json_quote(name) + ",\"model\":" + json_quote(name)
              + ",\"digest\":"
              + json_quote(hex(hash_of(name) ^ (swapped ? 1 : 0))) + "}";
  Answer answer;
  answer.bytes = ok_response("{\"models\":[" + models + "]}");
  answer.entry.index = request.index;
  answer.entry.at_ms = request.at_ms;
  answer.entry.outcome = "listed";
  answer.entry.status = 200;
  return answer;
}

tl::expected<Provider::Draft, Refusal> Provider::draft(const Received& request,
                                                       bool swapped) {
  LAB_TRY(const auto ask, read_ask(options_, request));
  // Every bit of a text hangs on it, so one more makes another text.
  const auto bits = hash_of(request.body) ^ (swapped ? 1 : 0);
  std::string text;
  if (ask.schema.empty()) {
    text = write_text(ask.texts.back(), options_.tokens_out, bits);
  } else {
    const auto shape = shape_of(ask.schema);
    if (!shape)
      return tl::unexpected(Refusal{400, shape.error().context, false});
    text = write_json(**shape, bits);
  }
  Draft draft;
  auto& parts = draft.parts;
  auto& entry = draft.answer.entry;
  const auto room = static_cast<std::size_t>(ask.output_cap) * 3;
  if (text.size() > room) {
    text.resize(room);
    parts.finish = "length";
  }
  entry.index = request.index;
  entry.at_ms = request.at_ms;
  entry.billed = true;
  entry.outcome = "ok";
  entry.status = 200;
  entry.model = ask.model;
  entry.input_tokens = input_tokens_of(ask.texts, ask.schema);
  entry.output_tokens = tokens_of(text);
  entry.pico_usd =
    pico_usd_of(options_.prices, entry.input_tokens, entry.output_tokens);
  entry.request = bits;
  draft.answer.latency_us = latency_us(options_.latency_ms * 1000,
                                       options_.jitter, bits ^ options_.seed);
  parts.id = hex(bits);
  parts.model = ask.model;
  parts.content = json_quote(text);
  parts.usage = StatedUsage{
    std::to_string(entry.input_tokens), std::to_string(entry.output_tokens),
    std::to_string(entry.input_tokens + entry.output_tokens)};
  parts.took_ms = draft.answer.latency_us / 1000;
  return draft;
}

Result<const Shape*> Provider::shape_of(const std::string& schema) {
  // A sweep asks with the same few schemas all night.
  auto known = shapes_.find(schema);
  if (known == shapes_.end()) {
    LAB_TRY(auto shape, parse_shape(schema));
    known = shapes_.emplace(schema, std::move(shape)).first;
  }
  return &known->second;
}

Answer Provider::send(const Draft& draft) const {
  auto answer = draft.answer;
  answer.bytes = ok_response(reply_body(options_.dialect, draft.parts));
  return answer;
}

Answer Provider::send_status(const Fault& fault, Answer answer) const {
  const std::string message = "scripted fault";
  const auto body =
    fault.envelope
      ? error_body(options_.dialect, fault.status, fault.code, message)
      : "<html><body>" + message + "</body></html>";
  std::string headers;
  if (!fault.retry_after.empty())
    headers += "Retry-After: " + fault.retry_after + "\r\n";
  if (!fault.retry_after_ms.empty())
    headers += "Retry-After-Ms: " + fault.retry_after_ms + "\r\n";
  answer.bytes =
    http_response(fault.status, fault.envelope ? json_type : "text/html",
                  headers, body.size(), body);
  answer.entry.status = fault.status;
  return answer;
}

Answer Provider::send_faulty(const Fault& fault, Draft draft) const {
  auto& entry = draft.answer.entry;
  entry.outcome = fault.name;
  entry.billed = fault.bill.value_or(billed_by_habit(fault.kind));
  draft.answer.latency_us += fault.delay_ms * 1000;
  spoil_content(fault, draft);
  if (fault.kind == FaultKind::usage)
    spoil_usage(fault, draft);
  if (!entry.billed)
    entry.pico_usd = 0;
  const auto body = reply_body(options_.dialect, draft.parts);
  auto answer = std::move(draft.answer);
  answer.bytes = ok_response(body);
  const auto head_bytes = answer.bytes.size() - body.size();
  switch (fault.kind) {
  case FaultKind::status:
    return send_status(fault, std::move(answer));
  case FaultKind::redirect:
    answer.bytes = http_response(302, "text/plain",
                                 "Location: " + fault.location + "\r\n", 0, "");
    answer.entry.status = 302;
    break;
  case FaultKind::hang:
    answer.bytes.clear();
    answer.after = After::silence;
    answer.entry.status = 0;
    break;
  case FaultKind::slow_body:
    answer.trickle_from = head_bytes;
    answer.trickle_ms = fault.interval_ms;
    break;
  case FaultKind::reset:
    answer.bytes.resize(
      std::min(answer.bytes.size(), static_cast<std::size_t>(fault.bytes)));
    answer.after = After::reset;
    break;
  case FaultKind::cut_chunked:
    answer.bytes = cut_chunked(body);
    answer.after = After::close;
    break;
  case FaultKind::wrong_length: {
    const auto claimed = static_cast<std::int64_t>(body.size()) + fault.bytes;
    answer.bytes = http_response(
      200, json_type, "",
      static_cast<std::uint64_t>(std::max<std::int64_t>(claimed, 0)), body);
    answer.after = After::close;
    break;
  }
  case FaultKind::garbage_json:
    answer.bytes = ok_response(body.substr(0, body.size() / 2));
    break;
  case FaultKind::html: {
    const std::string page = "<html><body>Welcome to nginx!</body></html>";
    answer.bytes = http_response(200, "text/html", "", page.size(), page);
    break;
  }
  case FaultKind::empty:
    answer.bytes = ok_response("");
    break;
  case FaultKind::huge_body: {
    const auto filler = static_cast<std::uint64_t>(fault.bytes);
    answer.bytes = http_response(200, json_type, "", filler, "");
    answer.filler_bytes = filler;
    break;
  }
  case FaultKind::duplicate:
    answer.bytes += answer.bytes;
    break;
  case FaultKind::close_idle:
    answer.after =
      fault.variant == "on_next_request" ? After::close_on_next : After::close;
    break;
  case FaultKind::wrong_schema:
  case FaultKind::usage:
  case FaultKind::other_model:
  case FaultKind::swapped:
  case FaultKind::finish:
  case FaultKind::delay:
    break; // the reply itself carries these
  }
  return answer;
}

void Provider::spoil_content(const Fault& fault, Draft& draft) {
  auto& parts = draft.parts;
  if (fault.kind == FaultKind::other_model)
    parts.model = fault.model;
  if (fault.kind == FaultKind::finish) {
    parts.finish = fault.variant;
    parts.content = json_quote("");
  }
  if (fault.kind != FaultKind::wrong_schema)
    return;
  if (fault.variant == "missing")
    parts.content_missing = true;
  else if (fault.variant == "null")
    parts.content = "null";
  else if (fault.variant == "list")
    parts.content = "[]";
  else if (fault.variant == "number")
    parts.content = "17";
  else
    parts.content = json_quote("I would rather not answer in that form.");
}

void Provider::spoil_usage(const Fault& fault, Draft& draft) const {
  auto& usage = *draft.parts.usage;
  auto& entry = draft.answer.entry;
  if (fault.variant == "missing") {
    draft.parts.usage.reset();
  } else if (fault.variant == "zero") {
    usage = {"0", "0", "0"};
    entry.input_tokens = entry.output_tokens = entry.pico_usd = 0;
  } else if (fault.variant == "negative") {
    usage.input = "-1";
  } else if (fault.variant == "text") {
    usage.input = json_quote(usage.input);
  } else if (fault.variant == "float") {
    usage.output += ".5";
  } else if (fault.variant == "huge") {
    usage.output = "18446744073709551616";
  } else if (fault.variant == "partial") {
    usage.output.clear();
  } else if (fault.variant == "inconsistent") {
    usage.total = "1";
  } else {
    // "over": more than anybody could expect, and billed as stated.
    const auto scaled = [&](std::int64_t tokens) {
      return static_cast<std::int64_t>(static_cast<double>(tokens)
                                       * fault.factor);
    };
    entry.input_tokens = scaled(entry.input_tokens);
    entry.output_tokens = scaled(entry.output_tokens);
    entry.pico_usd =
      pico_usd_of(options_.prices, entry.input_tokens, entry.output_tokens);
    usage = {std::to_string(entry.input_tokens),
             std::to_string(entry.output_tokens),
             std::to_string(entry.input_tokens + entry.output_tokens)};
  }
}

} // namespace lab::tools::fake
