#include <algorithm>
#include <array>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "storage/markdown.hpp"

namespace lab::storage {

namespace {

constexpr std::array kinds{CheckKind::decision_consistency,
                           CheckKind::world_coherence,
                           CheckKind::information_access};

std::string title_of(CheckKind kind) {
  switch (kind) {
  case CheckKind::decision_consistency:
    return "Actor Decision Consistency";
  case CheckKind::world_coherence:
    return "World State Coherence";
  case CheckKind::information_access:
    return "Information Access";
  }
  return {};
}

std::string subject_of(const RunHeader& run, const CheckResult& check) {
  return check.participant.empty() ? "World"
                                   : display_name(run, check.participant);
}

std::string verdict_line(CheckVerdict verdict) {
  switch (verdict) {
  case CheckVerdict::passed:
    return "\u2705 **PASSED**\n\n";
  case CheckVerdict::failed:
    return "\u26A0\uFE0F **ISSUES FOUND**\n\n";
  case CheckVerdict::missing:
    break;
  }
  return "\u2753 **NO VERDICT**\n\n";
}

std::string details_of(const CheckResult& check) {
  std::string out;
  if (!check.issues.empty())
    out += "**Issues:**\n" + bullets(check.issues) + "\n";
  if (check.verdict != CheckVerdict::passed)
    out += "**Severity:** " + std::string{to_string(check.severity)} + "\n\n";
  if (const auto why = trim(check.explanation); !why.empty())
    out += "**Explanation:** " + std::string{why} + "\n\n";
  return out;
}

/// "12 (10 passed, 1 with issues, 1 without a verdict)"
struct Tally {
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t missing = 0;

  void add(const CheckResult& check) {
    (check.verdict == CheckVerdict::passed   ? passed
     : check.verdict == CheckVerdict::failed ? failed
                                             : missing) += 1;
  }
  std::int64_t total() const { return passed + failed + missing; }
  std::string text() const {
    return std::to_string(total()) + " (" + std::to_string(passed) + " passed, "
           + std::to_string(failed) + " with issues, " + std::to_string(missing)
           + " without a verdict)";
  }
};

} // namespace

ArtefactFile validation_file(const RunHeader& run, const TurnRecord& record) {
  auto out = opening(run, turn_title("Validation Report", record.turn), {});
  for (const auto kind : kinds) {
    if (std::ranges::none_of(record.checks,
                             [&](const auto& x) { return x.kind == kind; }))
      continue;
    out += "## " + title_of(kind) + "\n\n";
    for (const auto& check : record.checks)
      if (check.kind == kind)
        out += "### " + subject_of(run, check) + "\n\n"
               + verdict_line(check.verdict) + details_of(check) + "---\n\n";
  }
  if (!record.halt.empty())
    out += "**The run was halted after this turn:** " + record.halt + "\n";
  return {"validation-" + three_digits(record.turn) + ".md", std::move(out)};
}

ArtefactFile validation_summary_file(const RunHeader& run,
                                     const std::vector<TurnChecks>& turns,
                                     const Charge& cost) {
  Tally all;
  std::array<Tally, kinds.size()> by_kind;
  std::string problems;
  for (const auto& turn : turns) {
    for (const auto& check : turn.checks) {
      all.add(check);
      by_kind.at(static_cast<std::size_t>(check.kind)).add(check);
      if (check.verdict != CheckVerdict::passed)
        problems += "### Turn " + std::to_string(turn.turn) + " - "
                    + title_of(check.kind) + " - " + subject_of(run, check)
                    + "\n\n" + verdict_line(check.verdict) + details_of(check);
    }
  }
  auto out = opening(run, "Validation Summary Report", {});
  out += "## Summary Statistics\n\n";
  out += "- **Model:** " + run.validation->model + "\n";
  out += "- **Total checks:** " + std::to_string(all.total()) + "\n";
  out += "- **Passed:** " + std::to_string(all.passed) + "\n";
  out += "- **Issues found:** " + std::to_string(all.failed) + "\n";
  out += "- **Without a verdict:** " + std::to_string(all.missing) + "\n";
  out += "- **Tokens:** " + std::to_string(cost.tokens) + "\n";
  out += "- **Cost (USD):** " + to_decimal(cost.usd) + "\n\n";
  out += "## Checks by Type\n\n";
  for (const auto kind : kinds) {
    const auto& tally = by_kind.at(static_cast<std::size_t>(kind));
    if (tally.total() > 0)
      out += "- **" + title_of(kind) + ":** " + tally.text() + "\n";
  }
  out += "\n## All Validation Failures\n\n";
  return {"validation-summary.md",
          out + (problems.empty() ? "None.\n" : problems)};
}

} // namespace lab::storage
