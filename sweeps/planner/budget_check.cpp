#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/run_spec.hpp"
#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {

namespace {

class BudgetCheck {
public:
  BudgetCheck(const SweepPlan& plan, const SweepEstimate& estimate,
              Findings& findings)
    : plan_(plan), estimate_(estimate), findings_(findings) {}

  void check() {
    if (estimate_.runs == 0)
      return;
    const auto& all = estimate_.all;
    const auto& budget = plan_.budget();
    if (budget.usd)
      check_usd(*budget.usd);
    if (const auto& per_run = plan_.manifest().per_run_usd)
      check_per_run(*per_run);
    if (budget.tokens)
      check_count("tokens", *budget.tokens, all.smallest_token_limit,
                  all.total.input_tokens + all.total.output_tokens);
    if (budget.calls)
      check_count("calls", *budget.calls, 1, all.total.calls);
    check_models();
    if (!plan_.manifest().budget_rules.warn_at.empty() && budget.unlimited())
      add("warn_at", Severity::warning, "B506",
          "there is no ceiling that this could be a share of", "of nothing")
        .help.emplace_back("set `usd`, `calls` or `tokens`");
  }

private:
  void check_usd(Money limit) {
    const auto& all = estimate_.all;
    if (limit < all.smallest_limit) {
      auto& finding = add("usd", Severity::error, "B501",
                          "this sweep cannot come to its end: its dearest call "
                          "does not fit the budget",
                          "cap for the whole sweep");
      finding.notes.push_back(
        "that call holds " + to_display(all.smallest_limit) + "; " + run_count()
        + " expected to cost " + to_display(all.total.expected));
      finding.help.push_back("set `usd` to " + to_display(all.total.expected)
                             + " or more, and never below "
                             + to_display(all.smallest_limit));
    } else if (limit < all.total.expected) {
      auto& finding = add("usd", Severity::warning, "B502",
                          "the budget will probably end this sweep early",
                          "cap for the whole sweep");
      finding.notes.push_back(run_count() + " expected to cost "
                              + to_display(all.total.expected)
                              + "; what is done by then is balanced and kept");
    }
  }

  void check_per_run(Money limit) {
    if (limit < estimate_.all.smallest_limit) {
      add("per_run_usd", Severity::error, "B501",
          "some run cannot come to its end: its dearest call does not fit",
          "cap for one run")
        .notes.push_back("that call holds "
                         + to_display(estimate_.all.smallest_limit));
    } else if (limit < estimate_.run_expected_max) {
      add("per_run_usd", Severity::warning, "B502",
          "this cap will probably halt some runs", "cap for one run")
        .notes.push_back("the dearest run is expected to cost "
                         + to_display(estimate_.run_expected_max));
    }
  }

  void check_count(const std::string& key, std::int64_t limit,
                   std::int64_t one_call, std::int64_t expected) {
    if (limit < one_call) {
      add(key, Severity::error, "B501",
          "this sweep cannot come to its end: its largest call does not fit "
          "the budget of "
            + key,
          "cap for the whole sweep")
        .notes.push_back("that call needs " + std::to_string(one_call));
    } else if (limit < expected) {
      add(key, Severity::warning, "B502",
          "the budget of " + key + " will probably end this sweep early",
          "cap for the whole sweep")
        .notes.push_back(run_count() + " expected to need "
                         + std::to_string(expected));
    }
  }

  void check_models() {
    const auto& ceilings = plan_.manifest().budget_rules.by_model;
    if (ceilings.empty())
      return;
    std::map<std::string, EstimateLine> asked; // by model without parameters
    for (const auto& [model, line] : estimate_.all.by_model)
      asked[without_parameters(model)].add(line, 1);
    std::vector<std::string> known;
    for (const auto& [model, line] : asked)
      known.push_back(model);
    // They were read from there.
    const auto& document = *plan_.manifest().document;
    const auto& map = *document.root.find("budget")->find("by_model");
    for (const auto& [model, ceiling] : ceilings) {
      const auto& entry =
        *std::ranges::find(map.entries, model, &yaml::Entry::key);
      const auto path = "budget.by_model." + model;
      const auto line = asked.find(model);
      if (line == asked.end()) {
        auto& finding =
          add_at(yaml::at_key(document, entry, "", ""), path, Severity::warning,
                 "B505", "no run that is left asks `" + model + "`",
                 "a ceiling of nothing");
        if (const auto near = closest(model, known))
          finding.help.push_back("did you mean `" + *near + "`?");
        finding.notes.push_back("the plan's models: " + join(known, ", "));
      } else if (ceiling < line->second.expected) {
        add_at(yaml::at(document, entry.value, "", ""), path, Severity::warning,
               "B502",
               "this ceiling will probably halt runs that ask `" + model + "`",
               "cap for the model")
          .notes.push_back("its calls are expected to cost "
                           + to_display(line->second.expected)
                           + "; runs that do not ask it go on");
      }
    }
  }

  std::string run_count() const {
    return estimate_.runs == 1 ? "1 run is"
                               : std::to_string(estimate_.runs) + " runs are";
  }

  /// At the manifest's value, or without a place when the command line's word
  /// replaced it.
  Diagnostic& add(const std::string& key, Severity severity, std::string code,
                  std::string message, std::string label) {
    const auto& manifest = plan_.manifest();
    const auto* budget = manifest.document->root.find("budget");
    const auto* value = budget == nullptr ? nullptr : budget->find(key);
    const bool replaced =
      key == "usd" && plan_.budget().usd != manifest.budget.usd;
    const bool placed = value != nullptr && !replaced;
    return add_at(placed ? yaml::at(*manifest.document, *value, "", "")
                         : Diagnostic{},
                  "budget." + key, severity, std::move(code),
                  std::move(message), placed ? std::move(label) : "");
  }

  Diagnostic& add_at(Diagnostic finding, std::string path, Severity severity,
                     std::string code, std::string message, std::string label) {
    finding.label = std::move(label);
    finding.severity = severity;
    finding.code = std::move(code);
    finding.message = std::move(message);
    finding.path = std::move(path);
    return findings_.add(std::move(finding));
  }

  const SweepPlan& plan_;
  const SweepEstimate& estimate_;
  Findings& findings_;
};

} // namespace

void check_budget(const SweepPlan& plan, const SweepEstimate& estimate,
                  Findings& findings) {
  BudgetCheck{plan, estimate, findings}.check();
}

} // namespace lab::sweeps
