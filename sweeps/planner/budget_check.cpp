#include <string>
#include <utility>

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
    Diagnostic finding;
    if (value != nullptr && !replaced) {
      finding = yaml::at(*manifest.document, *value, "", "");
      finding.label = std::move(label);
    }
    finding.severity = severity;
    finding.code = std::move(code);
    finding.message = std::move(message);
    finding.path = "budget." + key;
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
