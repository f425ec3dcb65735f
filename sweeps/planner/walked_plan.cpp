#include <algorithm>
#include <unordered_set>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/digest.hpp"
#include "runtime/base/log.hpp"
#include "sweeps/planner/permutation.hpp"
#include "sweeps/planner/plan_base.hpp"
#include "sweeps/planner/plan_checker.hpp"
#include "sweeps/planner/run_names.hpp"
#include "sweeps/planner/run_walk.hpp"

namespace lab::sweeps {

namespace {

/// All points of a stretch as short as this are checked: hand-made points have
/// little in common.
constexpr std::int64_t stretch_checked_whole_max = 50;

/// Only levels and a sample were made; every run is made when its turn comes.
class WalkedPlan final : public PlanBase {
public:
  WalkedPlan(Manifest manifest, const ScenarioSource& scenario,
             const PlanContext& context)
    : PlanBase(std::move(manifest), scenario, context), known_(context.known),
      names_(points(), known_.get()) {
    const auto all = points() * this->manifest().replicates.count;
    run_count_ = std::clamp<std::int64_t>(context.first.value_or(all), 0, all);
    settled_ = std::clamp<std::int64_t>(context.settled, 0, run_count_);
  }

  Result<void> fill(const PlanContext&, Findings& findings) override {
    draw_sample();
    PlanChecker checker{manifest(), maker(), findings};
    LAB_CHECKED(checker.check_levels(points_to_check()));
    turns_ = checker.turns();
    fact_ = fact_of(checker.scenario_id(), checker.simulated());
    return {};
  }

  bool listed() const override { return false; }
  SweepPlanned sweep_fact() const override { return fact_; }
  std::int64_t point_count() const override { return points(); }
  std::int64_t run_count() const override { return run_count_; }

  const std::vector<RunTicket>& tickets() const override {
    LAB_CHECK(false, "a walked plan has no list of its runs");
    return none_;
  }

  PlannedPoint point(std::int64_t index) const override {
    auto point = design_point(index);
    return {point_name(static_cast<std::int32_t>(index + 1)), point.label,
            factors_at(manifest(), point), index};
  }

  TurnRange turns() const override { return turns_; }

  Result<ScenarioSpec> scenario_of(std::int64_t index,
                                   std::int32_t replicate) const override {
    Findings found;
    auto scenario = maker().make(design_point(index), replicate, found);
    if (!scenario && found.has_errors()) {
      auto why = scenario.error();
      why.context += " point=" + spoken(manifest(), design_point(index)) + " "
                     + found.all().front().message;
      return tl::unexpected(std::move(why));
    }
    return scenario;
  }

  std::vector<PointRuns> runs_to_do(const std::set<RunId>&) const override {
    const auto runs = run_count_ - settled_;
    const auto count = std::ssize(sample_);
    std::vector<PointRuns> all;
    for (std::int64_t i = 0; i < count; ++i)
      if (const auto share = (i + 1) * runs / count - i * runs / count;
          share > 0)
        all.push_back({sample_[static_cast<std::size_t>(i)], share});
    return all;
  }

  std::unique_ptr<RunSource>
  missing(const std::set<RunId>& settled) const override;
  std::unique_ptr<RunSource> every_run() const override;

  Result<RunTicket> extra_run(std::int64_t index,
                              std::int32_t replicate) const override {
    LAB_TRY(auto ticket, unnamed_extra_run(index, replicate));
    LAB_TRY(const auto known, find_known(ticket.run));
    LAB_CHECKED(name(ticket, index, replicate - 1, known.name));
    return ticket;
  }

  Result<KnownRun> find_known(RunId run) const {
    return known_ ? known_->find(run) : KnownRun{};
  }

  /// Fills in the ticket's names.
  /// @param replicate  index
  /// @param given      that it has already; may be empty
  Result<void> name(RunTicket& ticket, std::int64_t point,
                    std::int32_t replicate, const std::string& given) const {
    auto numbers = numbers_of(given);
    if (!numbers) {
      LAB_TRY(const auto fresh, names_.name(point, replicate, ticket.run,
                                            [&] { return siblings(point); }));
      numbers = {fresh.point, fresh.replicate};
    }
    ticket.point = point_name(numbers->first);
    ticket.name = run_name(numbers->first, numbers->second);
    ticket.replicate = numbers->second;
    return {};
  }

  /// Makes a point's scenario and keeps it until the next one is made: the run
  /// that is about to start asks for it again.
  Result<std::shared_ptr<const ScenarioSpec>>
  shared_scenario(std::int64_t index, std::int32_t replicate) const override {
    const auto place = std::pair{index, maker().wording_of(replicate)};
    if (latest_ && latest_place_ == place)
      return latest_;
    LAB_TRY(auto made, scenario_of(index, replicate));
    latest_ = std::make_shared<const ScenarioSpec>(std::move(made));
    latest_place_ = place;
    return latest_;
  }

  /// Two points of the plan are one scenario.
  void note_duplicate(std::int64_t index, const RunTicket& ticket) const {
    auto found = duplicates();
    ++found.count;
    if (found.examples.size() < duplicates_shown_max)
      found.examples.push_back("(" + spoken(manifest(), design_point(index))
                               + ") is the same as another: "
                               + to_string(ticket.run));
    set_duplicates(std::move(found));
    log_warning("duplicate-point", {{"run", to_string(ticket.run)},
                                    {"point", std::to_string(index + 1)}});
  }

private:
  /// The ids of all runs of a point.
  std::vector<RunId> siblings(std::int64_t point) const {
    std::vector<Digest256> contents; // one a wording
    std::vector<RunId> runs;
    for (std::int32_t r = 0; r < manifest().replicates.count; ++r) {
      const auto wording = static_cast<std::size_t>(maker().wording_of(r));
      if (wording == contents.size()) {
        const auto scenario = scenario_of(point, r);
        if (!scenario)
          break; // told when it is its turn
        contents.push_back(scenario->content);
      }
      const auto& content = contents[wording];
      runs.push_back(run_id_of(
        content, seed_of(manifest().replicates, manifest().seed, content, r)));
    }
    return runs;
  }

  std::int64_t points() const { return manifest().design->size(); }

  DesignPoint design_point(std::int64_t index) const override {
    return manifest().design->point(index);
  }

  /// Without replacement, so that no point speaks twice.
  void draw_sample() {
    const auto size = static_cast<std::uint64_t>(points());
    const Permutation order{size, Seed{manifest().seed}.child("sample")};
    const auto count = std::min(points(), points_sampled);
    for (std::int64_t i = 0; i < count; ++i)
      sample_.push_back(
        static_cast<std::int64_t>(order.at(static_cast<std::uint64_t>(i))));
    std::ranges::sort(sample_);
  }

  std::vector<std::int64_t> points_to_check() const {
    std::set<std::int64_t> chosen{sample_.begin(), sample_.end()};
    for (const auto& stretch : stretches_of(*manifest().design)) {
      const auto count =
        stretch.size() <= stretch_checked_whole_max ? stretch.size() : 1;
      for (std::int64_t i = 0; i < count; ++i)
        chosen.insert(stretch.first + i);
    }
    return {chosen.begin(), chosen.end()};
  }

  std::shared_ptr<KnownRuns> known_;
  mutable RunNames names_; // refers to known_
  std::int64_t run_count_ = 0;
  std::int64_t settled_ = 0;
  std::vector<std::int64_t> sample_; // of points, ascending
  SweepPlanned fact_;
  TurnRange turns_;
  std::vector<RunTicket> none_;
  mutable std::shared_ptr<const ScenarioSpec> latest_;
  mutable std::pair<std::int64_t, std::int32_t> latest_place_; // of `latest_`
};

/// Walks the plan and makes each run when its turn comes. Keeps the id of each
/// run that it handed out, to meet no scenario twice. What is done already
/// stands at the head of the order as a rule, so the first run to do is looked
/// for at once, before an engine waits for it.
class WalkedRuns final : public RunSource {
public:
  WalkedRuns(const WalkedPlan& plan, const std::set<RunId>& settled,
             bool with_done)
    : plan_(plan), walk_(plan.manifest()), settled_(settled),
      with_done_(with_done), left_(plan.run_count()) {
    ahead_ = advance();
  }

  std::optional<RunTicket> next() override {
    return ahead_ ? std::exchange(ahead_, std::nullopt) : advance();
  }

  std::vector<RunTicket> take_named() override {
    return std::exchange(named_, {});
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    if (failure_ && ticket.run == failed_run_)
      return tl::unexpected(*failure_);
    return plan_.resolve(ticket);
  }

private:
  std::optional<RunTicket> advance() {
    while (left_ > 0) {
      const auto step = walk_.next();
      if (!step)
        return std::nullopt;
      --left_;
      auto ticket = ticket_of(*step);
      if (!ticket)
        return broken(*step, ticket.error());
      if (*ticket)
        return std::move(**ticket);
    }
    return std::nullopt;
  }

  /// Nothing when there is nothing to do for it.
  Result<std::optional<RunTicket>> ticket_of(const RunWalk::Step& step) {
    const auto& manifest = plan_.manifest();
    LAB_TRY(const auto scenario,
            plan_.shared_scenario(step.point, step.replicate));
    RunTicket ticket;
    ticket.point_index = static_cast<std::int32_t>(step.point);
    ticket.seed = seed_of(manifest.replicates, manifest.seed, scenario->content,
                          step.replicate);
    ticket.run = run_id_of(scenario->content, ticket.seed);
    LAB_TRY(const auto known, plan_.find_known(ticket.run));
    const bool is_done = known.settled || settled_.contains(ticket.run);
    if (!with_done_ && is_done && !known.name.empty())
      return std::nullopt;
    if (!met_.insert(ticket.run.value).second) {
      plan_.note_duplicate(step.point, ticket);
      return std::nullopt;
    }
    LAB_CHECKED(plan_.name(ticket, step.point, step.replicate, known.name));
    if (!with_done_ && is_done) { // by another sweep
      named_.push_back(std::move(ticket));
      return std::nullopt;
    }
    return ticket;
  }

  /// A run that cannot be made is handed out all the same, so that it is
  /// counted and its reason told; it fails when it is resolved.
  RunTicket broken(const RunWalk::Step& step, const Error& why) {
    RunTicket ticket;
    ticket.point_index = static_cast<std::int32_t>(step.point);
    ticket.point = point_name(ticket.point_index + 1);
    ticket.replicate = step.replicate + 1;
    ticket.name = run_name(ticket.point_index + 1, ticket.replicate);
    ticket.run = RunId{Hasher{}
                         .add("unmade")
                         .add(static_cast<std::int64_t>(plan_.id().value))
                         .add(ticket.name)
                         .finish128()
                         .high};
    failed_run_ = ticket.run;
    failure_ = why;
    // What cannot be read once will not be read the next time.
    if (why.code != Errc::invalid_input)
      left_ = 0;
    return ticket;
  }

  const WalkedPlan& plan_;
  RunWalk walk_;
  std::set<RunId> settled_;
  bool with_done_;
  std::unordered_set<std::uint64_t> met_; // handed out
  std::int64_t left_;                     // of the order
  std::optional<RunTicket> ahead_;
  std::vector<RunTicket> named_; // done, and without a name until now
  RunId failed_run_;
  std::optional<Error> failure_; // of the last run that could not be made
};

std::unique_ptr<RunSource>
WalkedPlan::missing(const std::set<RunId>& settled) const {
  return std::make_unique<WalkedRuns>(*this, settled, false);
}

std::unique_ptr<RunSource> WalkedPlan::every_run() const {
  return std::make_unique<WalkedRuns>(*this, std::set<RunId>{}, true);
}

} // namespace

std::unique_ptr<PlanBase> make_walked_plan(Manifest manifest,
                                           const ScenarioSource& scenario,
                                           const PlanContext& context) {
  return std::make_unique<WalkedPlan>(std::move(manifest), scenario, context);
}

} // namespace lab::sweeps
