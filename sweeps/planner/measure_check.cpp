#include "sweeps/planner/measure_check.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/expression/read_expression.hpp"

namespace lab::sweeps {

namespace {

class MetricCheck {
public:
  MetricCheck(const Manifest& manifest, std::vector<std::string> metrics,
              Findings& findings)
    : manifest_(manifest), document_(*manifest.document),
      metrics_(std::move(metrics)), findings_(findings) {}

  bool check() {
    const auto& measure = manifest_.measure;
    for (const auto& derived : measure.derived) {
      check_names(derived);
      metrics_.push_back(derived.name);
    }
    if (const auto* node = document_.root.find("measure")) {
      check_list(measure.final_metrics, *node, "final", "measure.final");
      check_list(measure.series, *node, "series", "measure.series");
    }
    for (std::size_t i = 0; i < measure.analyses.size(); ++i)
      check_list(measure.analyses[i].of, measure.analyses[i].place, "of",
                 "measure.analyse." + std::to_string(i) + ".of");
    return sound_;
  }

private:
  /// @param map  that holds the names under `key`
  void check_list(const std::vector<std::string>& names, const yaml::Node& map,
                  std::string_view key, const std::string& path) {
    const auto* place = map.find(key);
    for (std::size_t i = 0; place != nullptr && i < names.size(); ++i) {
      if (std::ranges::find(metrics_, names[i]) != metrics_.end())
        continue;
      const auto& at =
        place->kind == yaml::Kind::list ? place->items[i] : *place;
      report(yaml::at(document_, at, "S420", {}), names[i], metrics_, path);
    }
  }

  /// Expressions write names in their own way.
  void check_names(const DerivedMetric& derived) {
    std::vector<std::string> known;
    for (const auto& metric : metrics_)
      known.push_back(expression_name(metric));
    for (const auto& use : derived.value.names())
      if (std::ranges::find(known, use.name) == known.end())
        report(
          at_piece(document_, derived.place, use.begin, use.end, "S420", {}),
          use.name, known, "measure.derived." + derived.name);
  }

  void report(Diagnostic finding, const std::string& name,
              const std::vector<std::string>& known, const std::string& path) {
    finding.message = "the scenario has no metric `" + name + "`";
    finding.path = path;
    if (const auto near = closest(name, known))
      finding.help.push_back("did you mean `" + *near + "`?");
    finding.notes.push_back(known.empty()
                              ? "it has no metrics at all"
                              : "its metrics: " + join(known, ", "));
    findings_.add(std::move(finding));
    sound_ = false;
  }

  const Manifest& manifest_;
  const yaml::Document& document_;
  std::vector<std::string> metrics_; // and the derived ones so far
  Findings& findings_;
  bool sound_ = true;
};

} // namespace

bool check_metrics(const Manifest& manifest,
                   const std::vector<std::string>& metrics,
                   Findings& findings) {
  return MetricCheck{manifest, metrics, findings}.check();
}

} // namespace lab::sweeps
