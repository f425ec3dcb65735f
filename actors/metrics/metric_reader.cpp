#include "actors/metrics/metric_reader.hpp"

#include <algorithm>
#include <numeric>

#include "actors/metrics/metric_value.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

std::string named(const MetricSpec& metric) {
  return "metric '" + metric.name + "'";
}

const Decision* decision_of(const TurnRecord& turn, const std::string& id) {
  for (const auto& decision : turn.decisions)
    if (decision.participant == id)
      return &decision;
  return nullptr;
}

/// The texts a metric reads for one subject, in order: what a later text says
/// counts more. V1 reads what was done and then the world; V2 reads the world,
/// or a participant's reasoning and action.
std::vector<std::string> texts_for(const MetricSpec& metric,
                                   const TurnRecord& turn,
                                   const std::string& subject) {
  std::vector<std::string> texts;
  if (!subject.empty()) {
    if (const auto* decision = decision_of(turn, subject))
      texts.push_back(metric.reads_actions
                        ? decision->action
                        : decision->reasoning + "\n\n" + decision->action);
    return texts;
  }
  if (metric.reads_actions)
    for (const auto& decision : turn.decisions)
      texts.push_back(decision.action);
  texts.push_back(turn.world);
  // Hits are counted over all of them.
  if (metric.extraction == Extraction::keyword)
    return {join(texts, "\n\n")};
  return texts;
}

std::int64_t words_in(const std::string& text) {
  std::int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    words += !blank && !inside ? 1 : 0;
    inside = !blank;
  }
  return words;
}

/// The group that tells the value: the first that is not empty, the whole
/// match when the pattern has no groups.
std::string_view telling(const Pattern::Groups& groups) {
  if (groups.size() == 1)
    return groups[0];
  const auto found =
    std::find_if(groups.begin() + 1, groups.end(),
                 [](std::string_view group) { return !group.empty(); });
  return found == groups.end() ? std::string_view{} : *found;
}

MetricValue gave_up(const MetricSpec& metric, const Error& why) {
  MetricValue value;
  value.metric = metric.name;
  value.status = MetricStatus::unparseable;
  value.text = why.context;
  return value;
}

/// The last match of the first pattern that matches at all.
std::optional<MetricValue> by_pattern(const MetricSpec& metric,
                                      const std::vector<Pattern>& patterns,
                                      const std::string& text) {
  for (const auto& pattern : patterns) {
    bool matched = false;
    bool has_groups = false;
    std::string last;
    const auto searched =
      pattern.each_match(text, [&](const Pattern::Groups& groups) {
        matched = true;
        has_groups = groups.size() > 1;
        if (const auto told = telling(groups); !told.empty())
          last = told;
      });
    if (!searched)
      return gave_up(metric, searched.error());
    const bool is_flag = metric.type == MetricType::boolean
                         && (metric.reads_actions || !has_groups);
    if (matched && (is_flag || !last.empty()))
      return value_of(metric, last, is_flag);
  }
  return std::nullopt;
}

/// Zero hits are a finding: the text was read and does not say it.
MetricValue by_keyword(const MetricSpec& metric,
                       const std::vector<Pattern>& keywords,
                       const std::string& text) {
  double hits = 0;
  for (const auto& keyword : keywords)
    if (const auto searched =
          keyword.each_match(text, [&](const Pattern::Groups&) { hits += 1; });
        !searched)
      return gave_up(metric, searched.error());
  if (metric.type == MetricType::boolean || metric.scoring == Scoring::presence)
    return value_of(metric, hits > 0 ? 1.0 : 0.0);
  if (metric.scoring == Scoring::count)
    return value_of(metric, hits);
  const auto words = static_cast<double>(words_in(text));
  return value_of(metric, words > 0 ? 100.0 * hits / words : 0.0);
}

/// The category named most often; the first of equals.
std::optional<MetricValue> by_category(const MetricSpec& metric,
                                       const Pattern& names,
                                       const std::vector<std::size_t>& order,
                                       const std::string& text) {
  std::vector<std::int64_t> hits(order.size());
  const auto searched =
    names.each_match(text, [&](const Pattern::Groups& groups) {
      for (std::size_t i = 0; i < order.size(); ++i)
        if (!groups[i + 1].empty())
          ++hits[order[i]];
    });
  if (!searched)
    return gave_up(metric, searched.error());
  const auto most = std::max_element(hits.begin(), hits.end());
  if (most == hits.end() || *most == 0)
    return std::nullopt;
  return value_of(
    metric, metric.categories[static_cast<std::size_t>(most - hits.begin())],
    false);
}

/// Longer names first, so that "very high" is not also a "high".
std::vector<std::size_t> longest_first(const std::vector<std::string>& names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    return names[a].size() > names[b].size();
  });
  return order;
}

bool counts_categories(const MetricSpec& metric) {
  return metric.extraction == Extraction::keyword
         && metric.type == MetricType::categorical;
}

/// Who a metric is about: one participant, each of them, or the world.
Result<std::vector<std::string>> subjects_of(const MetricSpec& metric,
                                             const ScenarioSpec& scenario) {
  if (!metric.per_participant)
    return std::vector<std::string>{""};
  if (!metric.participant.empty()) {
    if (scenario.participant(metric.participant) == nullptr)
      return fail(Errc::invalid_input, named(metric) + " is about '"
                                         + metric.participant
                                         + "', who does not take part");
    return std::vector<std::string>{metric.participant};
  }
  std::vector<std::string> everybody;
  for (const auto& participant : scenario.participants)
    everybody.push_back(participant.id);
  return everybody;
}

} // namespace

Result<MetricReader::Compiled>
MetricReader::compile(const MetricSpec& metric, const ScenarioSpec& scenario) {
  if (metric.extraction == Extraction::llm && trim(metric.prompt).empty())
    return fail(Errc::invalid_input,
                named(metric)
                  + " asks a model (extraction llm) but has no "
                    "prompt to ask it with");
  Compiled compiled;
  compiled.spec = metric;
  LAB_TRY(compiled.subjects, subjects_of(metric, scenario));
  if (metric.extraction == Extraction::pattern)
    for (const auto& text : metric.patterns) {
      auto pattern = Pattern::compile(text);
      if (!pattern)
        return fail(pattern.error().code,
                    named(metric) + ": " + pattern.error().context);
      compiled.patterns.push_back(std::move(*pattern));
    }
  if (counts_categories(metric)) {
    if (metric.categories.empty())
      return fail(Errc::invalid_input, named(metric) + " has no categories");
    compiled.categories = longest_first(metric.categories);
    std::vector<std::string> names;
    for (const auto i : compiled.categories)
      names.push_back(metric.categories[i]);
    compiled.patterns.push_back(Pattern::any_of(names, true));
  } else if (metric.extraction == Extraction::keyword) {
    for (const auto& keyword : metric.keywords)
      if (!trim(keyword).empty())
        compiled.patterns.push_back(Pattern::any_of({keyword}, false));
  }
  return compiled;
}

Result<MetricReader> MetricReader::compile(const ScenarioSpec& scenario) {
  MetricReader reader;
  for (const auto& metric : scenario.metrics) {
    LAB_TRY(auto compiled, compile(metric, scenario));
    reader.metrics_.push_back(std::move(compiled));
  }
  return reader;
}

std::optional<MetricValue> MetricReader::read_text(const Compiled& metric,
                                                   const std::string& text) {
  switch (metric.spec.extraction) {
  case Extraction::pattern:
    return by_pattern(metric.spec, metric.patterns, text);
  case Extraction::keyword:
    if (counts_categories(metric.spec))
      return by_category(metric.spec, metric.patterns.front(),
                         metric.categories, text);
    return by_keyword(metric.spec, metric.patterns, text);
  case Extraction::llm:
  case Extraction::manual:
    break;
  }
  return std::nullopt;
}

std::vector<MetricValue> MetricReader::read(const TurnRecord& turn) const {
  std::vector<MetricValue> values;
  for (const auto& metric : metrics_)
    for (const auto& subject : metric.subjects) {
      MetricValue value;
      value.metric = metric.spec.name;
      for (const auto& text : texts_for(metric.spec, turn, subject))
        if (auto found = read_text(metric, text))
          value = std::move(*found);
      value.participant = subject;
      value.level = level_of(metric.spec, value);
      values.push_back(std::move(value));
    }
  return values;
}

std::vector<MetricReader::ForModel>
MetricReader::for_model(const TurnRecord& turn) const {
  std::vector<ForModel> asked;
  std::size_t value = 0;
  for (std::size_t i = 0; i < metrics_.size(); ++i)
    for (const auto& subject : metrics_[i].subjects) {
      const bool has_text =
        subject.empty() || decision_of(turn, subject) != nullptr;
      if (metrics_[i].spec.extraction == Extraction::llm && has_text)
        asked.push_back({value, i, subject});
      ++value;
    }
  return asked;
}

} // namespace lab::actors
