#include "tools/dev/fake_provider/faults.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "runtime/base/json.hpp"
#include "tools/dev/fake_provider/chance.hpp"

namespace lab::tools::fake {

namespace {

using json::Value;

struct KindRow {
  std::string_view name;
  FaultKind kind;
  /// Keys of this kind beside those that every rule may have.
  std::vector<std::string_view> keys;
  /// Allowed variants, the default first.
  std::vector<std::string_view> variants;
};

const std::vector<KindRow>& kinds() {
  static const std::vector<KindRow> rows{
    {"status",
     FaultKind::status,
     {"status", "envelope", "code", "retry_after", "retry_after_ms"},
     {}},
    {"redirect", FaultKind::redirect, {"location"}, {}},
    {"hang", FaultKind::hang, {}, {}},
    {"slow_body", FaultKind::slow_body, {"interval_ms"}, {}},
    {"reset", FaultKind::reset, {"bytes"}, {}},
    {"cut_chunked", FaultKind::cut_chunked, {}, {}},
    {"wrong_length", FaultKind::wrong_length, {"bytes"}, {}},
    {"garbage_json", FaultKind::garbage_json, {}, {}},
    {"html", FaultKind::html, {}, {}},
    {"empty", FaultKind::empty, {}, {}},
    {"huge_body", FaultKind::huge_body, {"bytes"}, {}},
    {"wrong_schema",
     FaultKind::wrong_schema,
     {"variant"},
     {"prose", "null", "list", "number", "missing"}},
    {"usage",
     FaultKind::usage,
     {"variant", "factor"},
     {"missing", "zero", "negative", "text", "float", "huge", "partial",
      "inconsistent", "over"}},
    {"other_model", FaultKind::other_model, {"model"}, {}},
    {"swapped", FaultKind::swapped, {}, {}},
    {"finish",
     FaultKind::finish,
     {"variant"},
     {"length", "content_filter", "stop"}},
    {"duplicate", FaultKind::duplicate, {}, {}},
    {"close_idle",
     FaultKind::close_idle,
     {"variant"},
     {"after_reply", "on_next_request"}},
    {"delay", FaultKind::delay, {}, {}},
  };
  return rows;
}

constexpr std::array<std::string_view, 11> common_keys{
  "fault", "index", "from", "to",   "every",    "header",
  "value", "times", "rate", "bill", "delay_ms",
};

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(Errc::invalid_input, what);
}

/// Reads one rule; each `take` complains about a value of the wrong type.
class RuleReader {
public:
  explicit RuleReader(const Value& rule) : rule_(rule) {}

  Result<FaultRule> read() {
    LAB_TRY(const auto* row, kind());
    LAB_CHECKED(known_keys(*row));
    FaultRule rule;
    rule.fault.kind = row->kind;
    rule.fault.name = row->name;
    LAB_CHECKED(read_when(rule));
    LAB_CHECKED(read_what(*row, rule.fault));
    return rule;
  }

private:
  Result<const KindRow*> kind() const {
    const auto name = json::text_at(rule_, "fault");
    if (!name)
      return wrong("'fault' is missing");
    const auto row =
      std::find_if(kinds().begin(), kinds().end(),
                   [&](const auto& each) { return each.name == *name; });
    if (row == kinds().end())
      return wrong("unknown fault '" + *name + "'");
    return &*row;
  }

  Result<void> known_keys(const KindRow& row) const {
    const auto has = [](const auto& keys, std::string_view key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    for (const auto& [key, value] : rule_.items())
      if (key != "contains" && !has(common_keys, key) && !has(row.keys, key))
        return wrong("'" + key + "' means nothing for fault '"
                     + std::string{row.name} + "'");
    return {};
  }

  Result<void> read_when(FaultRule& rule) const {
    std::optional<std::uint64_t> index;
    LAB_CHECKED(take("index", index));
    LAB_CHECKED(take("from", rule.from));
    LAB_CHECKED(take("to", rule.to));
    if (index)
      rule.from = rule.to = index;
    std::optional<std::uint64_t> every;
    LAB_CHECKED(take("every", every));
    rule.every = every.value_or(1);
    if (rule.every == 0)
      return wrong("'every' must be at least 1");
    LAB_CHECKED(take("header", rule.header));
    LAB_CHECKED(take("value", rule.header_value));
    LAB_CHECKED(take("contains", rule.contains));
    LAB_CHECKED(take("rate", rule.rate));
    return take("times", rule.times);
  }

  Result<void> read_what(const KindRow& row, Fault& fault) const {
    LAB_CHECKED(take("bill", fault.bill));
    LAB_CHECKED(take("delay_ms", fault.delay_ms));
    LAB_CHECKED(take("envelope", fault.envelope));
    LAB_CHECKED(take("code", fault.code));
    LAB_CHECKED(take("retry_after", fault.retry_after));
    LAB_CHECKED(take("retry_after_ms", fault.retry_after_ms));
    LAB_CHECKED(take("location", fault.location));
    LAB_CHECKED(take("model", fault.model));
    LAB_CHECKED(take("factor", fault.factor));
    std::int64_t status = fault.status;
    LAB_CHECKED(take("status", status));
    if (status < 400 || status > 599)
      return wrong("'status' must be from 400 to 599");
    fault.status = static_cast<int>(status);
    fault.bytes = default_bytes(row.kind);
    LAB_CHECKED(take("bytes", fault.bytes));
    fault.interval_ms = 1000;
    LAB_CHECKED(take("interval_ms", fault.interval_ms));
    if (fault.delay_ms < 0 || fault.interval_ms < 0)
      return wrong("times must not be negative");
    if (fault.bytes < 0 && row.kind != FaultKind::wrong_length)
      return wrong("'bytes' must not be negative");
    return read_variant(row, fault);
  }

  Result<void> read_variant(const KindRow& row, Fault& fault) const {
    if (row.variants.empty())
      return {};
    fault.variant = row.variants.front();
    LAB_CHECKED(take("variant", fault.variant));
    if (std::find(row.variants.begin(), row.variants.end(), fault.variant)
        == row.variants.end())
      return wrong("unknown variant '" + fault.variant + "' of fault '"
                   + std::string{row.name} + "'");
    return {};
  }

  static std::int64_t default_bytes(FaultKind kind) {
    switch (kind) {
    case FaultKind::reset:
      return 200; // the head and some of the body
    case FaultKind::wrong_length:
      return 100; // more than there are
    case FaultKind::huge_body:
      return std::int64_t{64} << 20;
    default:
      return 0;
    }
  }

  template <class T>
  Result<void> take(const char* key, T& out) const {
    const auto* found = json::member(rule_, key);
    if (!found)
      return {};
    return read_value(key, *found, out);
  }

  template <class T>
  static Result<void> read_value(const char* key, const Value& value,
                                 std::optional<T>& out) {
    T inner{};
    LAB_CHECKED(read_value(key, value, inner));
    out = inner;
    return {};
  }
  static Result<void> read_value(const char* key, const Value& value,
                                 std::string& out) {
    if (!value.is_string())
      return wrong("'" + std::string{key} + "' must be a text");
    out = value.get<std::string>();
    return {};
  }
  static Result<void> read_value(const char* key, const Value& value,
                                 bool& out) {
    if (!value.is_boolean())
      return wrong("'" + std::string{key} + "' must be true or false");
    out = value.get<bool>();
    return {};
  }
  static Result<void> read_value(const char* key, const Value& value,
                                 std::uint64_t& out) {
    if (!value.is_number_unsigned())
      return wrong("'" + std::string{key} + "' must be a whole number");
    out = value.get<std::uint64_t>();
    return {};
  }
  static Result<void> read_value(const char* key, const Value& value,
                                 std::int64_t& out) {
    if (!value.is_number_integer())
      return wrong("'" + std::string{key} + "' must be a whole number");
    out = value.get<std::int64_t>();
    return {};
  }
  static Result<void> read_value(const char* key, const Value& value,
                                 double& out) {
    if (!value.is_number() || value.get<double>() < 0
        || value.get<double>() > 1000)
      return wrong("'" + std::string{key} + "' must be from 0 to 1000");
    out = value.get<double>();
    return {};
  }

  const Value& rule_;
};

} // namespace

Result<FaultScript> FaultScript::load(const std::string& path,
                                      std::uint64_t seed) {
  std::ifstream file{path};
  if (!file)
    return fail(Errc::not_found, path + " cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  auto script = parse(text.str(), seed);
  if (!script)
    return fail(script.error().code, path + ": " + script.error().context);
  return script;
}

Result<FaultScript> FaultScript::parse(std::string_view text,
                                       std::uint64_t seed) {
  LAB_TRY(const auto root, json::parse(text));
  const auto* rules = json::member(root, "rules");
  if (!rules || !rules->is_array() || root.size() != 1)
    return wrong("the script must be {\"rules\": [...]}");
  FaultScript script;
  script.seed_ = seed;
  for (const auto& each : *rules) {
    auto rule = RuleReader{each}.read();
    if (!rule)
      return wrong("rule " + std::to_string(script.rules_.size() + 1) + ": "
                   + rule.error().context);
    script.rules_.push_back({std::move(*rule), 0, {}});
  }
  return script;
}

const Fault* FaultScript::pick(const Received& request) {
  std::uint64_t salt = seed_;
  for (auto& rule : rules_) {
    salt = mix(salt);
    if (!strikes(rule, salt, request))
      continue;
    ++rule.struck;
    return &rule.when.fault;
  }
  return nullptr;
}

bool FaultScript::strikes(Rule& rule, std::uint64_t salt,
                          const Received& request) const {
  const auto& when = rule.when;
  const auto first = when.from.value_or(0);
  if (when.times && rule.struck >= *when.times)
    return false;
  if (request.index < first || (when.to && request.index > *when.to)
      || (request.index - first) % when.every != 0)
    return false;
  if (!when.header.empty() && request.header(when.header) != when.header_value)
    return false;
  if (!when.contains.empty()
      && request.body.find(when.contains) == request.body.npos)
    return false;
  if (!when.rate)
    return true;
  const auto body = hash_of(request.body, salt);
  const auto before = rule.seen[body]++;
  return unit(mix(body + before)) < *when.rate;
}

} // namespace lab::tools::fake
