#include <algorithm>
#include <map>
#include <utility>

#include "sweeps/report/binomial.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

bool is_failure(const ReportRun& run) {
  return run.status == RunStatus::failed || run.status == RunStatus::halted
         || run.status == RunStatus::cancelled;
}

Table kinds_table(const ReportInput& input) {
  struct Kind {
    std::int64_t count = 0;
    std::string example;
    std::string reason;
  };
  std::map<std::pair<std::string, std::string>, Kind> kinds;
  for (const auto& run : input.runs) {
    if (!is_failure(run))
      continue;
    auto& kind = kinds[{std::string{to_string(run.status)}, run.code}];
    if (kind.count++ == 0) {
      kind.example = run.name;
      kind.reason = run.reason;
    }
  }
  Table table{"",
              {{"How", false},
               {"Code", false},
               {"Runs", true},
               {"For example", false},
               {"Its reason", false}},
              {}};
  for (const auto& [key, kind] : kinds)
    table.rows.push_back({key.first, key.second, grouped_text(kind.count),
                          kind.example, kind.reason});
  return table;
}

/// Phases in which runs failed, against their share of all attempts.
Table phases_table(const ReportInput& input) {
  std::map<std::string, std::int64_t> failed;
  std::int64_t failures = 0;
  for (const auto& run : input.runs)
    if (is_failure(run) && !run.last_phase.empty()) {
      ++failed[run.last_phase];
      ++failures;
    }
  std::int64_t attempts = 0;
  for (const auto& [phase, count] : input.attempts)
    attempts += count;
  Table table{"The phase of a failed run's latest call, against the phase's "
              "share of all calls. p: exact binomial test of \"no more often "
              "than by that share\".",
              {{"Phase", false},
               {"Failed there", true},
               {"Share of failures", true},
               {"Share of calls", true},
               {"p", true}},
              {}};
  for (const auto& [phase, count] : failed) {
    const auto found = input.attempts.find(phase);
    const double share =
      found == input.attempts.end() || attempts == 0
        ? 0
        : static_cast<double>(found->second) / static_cast<double>(attempts);
    table.rows.push_back(
      {phase, grouped_text(count),
       percent_text(static_cast<double>(count) / static_cast<double>(failures)),
       percent_text(share), p_text(binomial_tail(count, failures, share))});
  }
  return table;
}

std::string test_text(statistics::MissingTest test) {
  switch (test) {
  case statistics::MissingTest::none:
    return "none";
  case statistics::MissingTest::exact:
    return "exact";
  case statistics::MissingTest::chi_square:
    return "chi-square";
  case statistics::MissingTest::simulated:
    return "permutation";
  }
  return "";
}

Table shared_table(const Analysis& analysis) {
  Table table{"Whether failures depend on a factor or a model; p adjusted by "
              "Holm over this table.",
              {{"Factor", false},
               {"Most failures", false},
               {"Fewest", false},
               {"Test", false},
               {"p", true},
               {"p, Holm", true}},
              {}};
  for (const auto& x : analysis.missing_by_factor) {
    if (x.test == statistics::MissingTest::none)
      continue;
    table.rows.push_back({x.factor, x.most + " " + percent_text(x.most_share),
                          x.least + " " + percent_text(x.least_share),
                          test_text(x.test), p_text(x.p),
                          p_text(x.adjusted_p)});
  }
  return table;
}

/// What the manifest asks for, as it is written there.
std::vector<std::string> declared_rules(const ReportInput& input) {
  std::vector<std::string> out;
  if (!input.manifest)
    return out;
  const auto& manifest = *input.manifest;
  if (manifest.pilot)
    out.push_back("Pilot: the first " + counted(manifest.pilot->runs, "run")
                  + (manifest.pilot->then
                       ? ", then " + manifest.pilot->then->text()
                       : std::string{})
                  + ".");
  if (const auto& more = manifest.replicates.more)
    out.push_back("Replicates are added until " + more->until.text()
                  + (more->only.empty() ? "" : " in the block " + more->only)
                  + ", at most " + grouped_text(more->at_most)
                  + " a point. Intervals that decide this hold at every look "
                    "together.");
  for (const auto& rule : manifest.stop)
    out.push_back("Stopping rule: when " + rule.when.text() + " ("
                  + rule.because + ").");
  return out;
}

/// "12 of 24 planned runs were not needed, about 240 calls."
std::string saved_text(const ReportInput& input) {
  std::int64_t ended = 0;
  std::int64_t calls = 0;
  for (const auto& run : input.runs)
    if (run.status == RunStatus::completed) {
      ++ended;
      calls += run.paid_calls;
    }
  const auto planned = std::max<std::int64_t>(
    input.runs_planned, static_cast<std::int64_t>(input.runs.size()));
  const auto open =
    planned - std::ranges::count_if(input.runs, [](const ReportRun& run) {
      return has_ended(run.status);
    });
  if (open <= 0 || ended == 0)
    return "Every planned run had ended by then.";
  const auto saved = static_cast<double>(open) * static_cast<double>(calls)
                     / static_cast<double>(ended);
  return grouped_text(open) + " of " + counted(planned, "planned run")
         + " were not needed, about "
         + counted(static_cast<std::int64_t>(saved + 0.5), "paid call") + ".";
}

} // namespace

void add_missing_bounds(Document& document, const Findings& findings,
                        std::size_t index) {
  const auto& censored = findings.analysis.outcomes[index].censored;
  if (censored.missing.empty())
    return;
  document.add(Heading{3, "Runs without a number"});
  document.add(Paragraph{censored.text() + "."});
}

void add_multiplicity(Document& document, const Findings& findings) {
  const auto text = findings.analysis.multiplicity.text();
  if (text.empty())
    return;
  document.add(Heading{2, "Many tests at once"});
  document.add(Paragraph{text});
}

void add_failures(Document& document, const Findings& findings) {
  document.add(Heading{2, "Failures"});
  const auto failures = std::ranges::count_if(findings.input.runs, is_failure);
  if (failures == 0) {
    document.add(Paragraph{"No run failed, halted or was cancelled."});
    return;
  }
  document.add(
    Paragraph{counted(failures, "run")
              + " gave no data. They are left out of every estimate, and "
                "bounded where that is possible."});
  document.add(kinds_table(findings.input));
  if (auto shared = shared_table(findings.analysis); !shared.rows.empty())
    document.add(std::move(shared));
  if (auto phases = phases_table(findings.input); !phases.rows.empty())
    document.add(std::move(phases));
}

void add_rules(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  Bullets bullets{declared_rules(input)};
  if (!input.ended_by_rule.empty())
    bullets.items.push_back("Ended by its own rule: " + input.ended_by_rule
                            + ". " + saved_text(input));
  if (bullets.items.empty())
    return;
  document.add(Heading{2, "Pilot and stopping rules"});
  document.add(std::move(bullets));
}

} // namespace lab::sweeps::report
