#include "llm/sim/model_id.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr std::int64_t latency_ms_max = 600'000;
constexpr double jitter_max = 3;
constexpr std::int64_t tokens_out_max = 1'000'000;
constexpr double noise_max = 1'000'000;
constexpr std::size_t constants_max = 20;
constexpr std::int64_t tokens_in_price_unit = 1'000'000;
constexpr std::string_view source = "play money";

struct KindName {
  std::string_view name;
  SimKind kind;
};
constexpr std::array kinds{
  KindName{"persona", SimKind::persona}, KindName{"script", SimKind::script},
  KindName{"faulty", SimKind::faulty}, KindName{"testfn", SimKind::testfn}};

/// A share of attempts, and the kinds that have it.
struct Share {
  std::string_view name;
  double SimModel::*value;
  bool faulty_only;
};
constexpr std::array shares{
  Share{"fail", &SimModel::fail, false},
  Share{"fail429", &SimModel::fail429, true},
  Share{"fail500", &SimModel::fail500, true},
  Share{"timeout", &SimModel::timeout, true},
  Share{"cut", &SimModel::cut, true},
  Share{"schema", &SimModel::schema, true},
  Share{"refusal", &SimModel::refusal, true},
  Share{"usage", &SimModel::usage, true},
};

std::vector<std::string> knobs_of(SimKind kind) {
  std::vector<std::string> out{"latency_ms", "jitter", "usd_per_mtok",
                               "tokens_out"};
  for (const auto& share : shares)
    if (!share.faulty_only || kind == SimKind::faulty)
      out.emplace_back(share.name);
  if (kind == SimKind::script)
    out.emplace_back("file");
  if (kind == SimKind::testfn)
    out.insert(out.end(), {"f", "k", "noise", "scatter"});
  return out;
}

std::string quoted(std::string_view text) {
  return "`" + printable(text) + "`";
}

tl::unexpected<Error> refuse(std::string_view id, const std::string& why) {
  return fail(Errc::invalid_input,
              "model " + quoted("sim/" + std::string{id}) + ": " + why);
}

bool read_number(std::string_view text, double max, double& out) {
  const auto* end = text.data() + text.size();
  double value = 0;
  const auto [stop, error] =
    std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !(value >= 0 && value <= max))
    return false;
  out = value;
  return true;
}

bool read_count(std::string_view text, std::int64_t max, std::int64_t& out) {
  const auto* end = text.data() + text.size();
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0 || value > max)
    return false;
  out = value;
  return true;
}

/// Rounded up to a whole pico-dollar a token, so that play money is never
/// cheaper than what was asked for.
Money a_token_of(Money mtok) {
  return Money{(mtok.pico_usd + tokens_in_price_unit - 1)
               / tokens_in_price_unit};
}

/// Numbers with commas between them, of either sign.
bool read_numbers(std::string_view text, std::vector<double>& out) {
  out.clear();
  for (const auto& item : split(text, ',')) {
    const auto* end = item.data() + item.size();
    double value = 0;
    const auto [stop, error] =
      std::from_chars(item.data(), end, value, std::chars_format::fixed);
    if (error != std::errc{} || stop != end || !std::isfinite(value))
      return false;
    out.push_back(value);
  }
  return !out.empty() && out.size() <= constants_max;
}

/// What a knob of `sim/testfn` alone had to be; nothing when it is none.
std::optional<std::string> take_function(TestFunctionKnobs& knobs,
                                         std::string_view name,
                                         std::string_view value) {
  const auto said = [](bool taken, std::string wanted) {
    return taken ? std::string{} : std::move(wanted);
  };
  if (name == "f")
    return said(test_function_named(value, knobs.kind),
                "one of " + test_function_names());
  if (name == "k")
    return said(read_numbers(value, knobs.constants),
                "up to 20 numbers with commas between them");
  if (name == "noise")
    return said(read_number(value, noise_max, knobs.noise),
                "a number from 0 to 1000000");
  if (name == "scatter")
    return said(read_number(value, noise_max, knobs.scatter),
                "a number from 0 to 1000000");
  return std::nullopt;
}

/// What `value` had to be; empty when it was taken.
std::string take(SimModel& model, std::string_view name,
                 std::string_view value) {
  if (name == "file") {
    model.file = value;
    return value.empty() ? "the path of a file" : "";
  }
  if (name == "latency_ms")
    return read_count(value, latency_ms_max, model.latency_ms)
             ? ""
             : "a whole number from 0 to 600000";
  if (name == "jitter")
    return read_number(value, jitter_max, model.jitter)
             ? ""
             : "a number from 0 to 3";
  if (name == "tokens_out")
    return read_count(value, tokens_out_max, model.tokens_out)
             ? ""
             : "a whole number from 0 to 1000000";
  if (name == "usd_per_mtok") {
    const auto price = parse_usd(value);
    if (!price)
      return "an amount in USD such as 0.40";
    model.token_price = a_token_of(*price);
    return "";
  }
  if (model.kind == SimKind::testfn) {
    if (auto said = take_function(model.function, name, value))
      return *said;
    // Not a share of attempts, which a retry would mend.
    if (name == "fail")
      return read_number(value, 1, model.function.fail) ? ""
                                                        : "a share from 0 to 1";
  }
  for (const auto& share : shares)
    if (name == share.name)
      return read_number(value, 1, model.*(share.value))
               ? ""
               : "a share from 0 to 1";
  return "no knob at all"; // `knobs_of` names no others
}

} // namespace

Result<SimModel> parse_sim_model(std::string_view id) {
  const auto question = id.find('?');
  const auto name = id.substr(0, question);
  SimModel model;
  bool found = false;
  for (const auto& kind : kinds)
    if (name == kind.name) {
      model.kind = kind.kind;
      found = true;
    }
  if (!found)
    return refuse(id, "no simulated model " + quoted(name)
                        + "; there are sim/persona, sim/script, sim/faulty, "
                          "sim/testfn");

  const auto knobs = knobs_of(model.kind);
  std::vector<std::string> seen;
  if (question != std::string_view::npos)
    for (const auto& knob : split(id.substr(question + 1), '&')) {
      const auto equals = knob.find('=');
      const auto key = knob.substr(0, equals);
      if (std::find(knobs.begin(), knobs.end(), key) == knobs.end()) {
        const auto near = closest(key, knobs);
        return refuse(id, quoted(key) + " is no knob of sim/"
                            + std::string{name} + "; "
                            + (near ? "did you mean `" + *near + "`?"
                                    : "knobs: " + join(knobs, ", ")));
      }
      if (equals == std::string::npos)
        return refuse(id, quoted(key) + " has no value");
      if (std::find(seen.begin(), seen.end(), key) != seen.end())
        return refuse(id, quoted(key) + " stands twice");
      seen.push_back(key);
      const auto wanted =
        take(model, key, std::string_view{knob}.substr(equals + 1));
      if (!wanted.empty())
        return refuse(id, quoted(key) + " must be " + wanted);
    }

  double sum = 0;
  for (const auto& share : shares)
    sum += model.*(share.value);
  if (sum > 1 + 1e-9)
    return refuse(id, "its shares of failures add up to more than 1");
  if (model.kind == SimKind::script && model.file.empty())
    return refuse(id, "it needs a file: sim/script?file=PATH");
  if (auto& function = model.function;
      function.kind == TestFunctionKind::morris && !function.constants.empty())
    return refuse(id, "the function `morris` has no constants to set");
  return model;
}

PriceRow sim_price(const SimModel& model) {
  PriceRow row;
  for (const auto& kind : kinds)
    if (kind.kind == model.kind)
      row.model = "sim/" + std::string{kind.name};
  row.input = row.output = row.cached_input = row.cache_write =
    model.token_price;
  row.tokenizer = Tokenizer::byte_level;
  row.local = true;
  row.source = source;
  return row;
}

} // namespace lab::llm
