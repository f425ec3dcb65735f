#include "storage/projections.hpp"
#include "sweeps/report/report.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"
#include "tools/cli/report_reader.hpp"

namespace lab::tools {
namespace {

using storage::testing::Story;

/// One point, eight runs, read back from the tables.
class ReportReader : public storage::testing::ScratchTest {
protected:
  ReportReader() {
    projections_ =
      std::move(*storage::Projections::open(at("scenario-lab.db")));
    SweepPlanned planned;
    planned.sweep = sweep_;
    planned.name = "storm";
    planned.points = 1;
    planned.replicates = 8;
    planned.factors = {"caution"};
    planned.simulated = true;
    for (std::uint64_t i = 1; i <= 8; ++i)
      planned.runs.push_back({RunId{i}, "p001.r" + std::to_string(i), "p001", 0,
                              static_cast<std::int32_t>(i), i});
    feed({planned});
  }

  void play(std::uint64_t number, RunStatus how, const std::string& said,
            double value) {
    const Story story{number};
    auto spec = story.spec();
    spec.seed = number;
    spec.factors = {{"caution", "0.25"}};
    auto turn = story.turn(1);
    turn.decisions[0].raw = said;
    turn.metrics[0].number = value;
    turn.metrics[0].text = std::to_string(value);
    if (said == "the cached reply")
      turn.metrics[0].text = "4.5";
    const auto call = story.reserved(1, "decision", "council", 1'000);
    feed({RunPlanned{spec}, RunStarted{spec.id}, call,
          story.settled(call, 500, story.reply(said)),
          TurnCompleted{spec.id, turn},
          RunEnded{{spec.id, how, Errc::ok, "", 1}}});
  }

  sweeps::report::ReportInput read_back() {
    auto tables = storage::Queries::open(at("scenario-lab.db"));
    auto input = read_report(*tables, sweep_, std::nullopt);
    EXPECT_TRUE(input) << to_string(input.error());
    return std::move(*input);
  }

  void feed(std::vector<Fact> facts) {
    std::vector<JournalledFact> numbered;
    for (auto& fact : facts)
      numbered.push_back({++seq_, 1'700'000'000'000 + static_cast<UnixMs>(seq_),
                          std::move(fact)});
    const auto done = projections_->project(numbered);
    ASSERT_TRUE(done) << to_string(done.error());
  }

  const SweepId sweep_ = sweep_id_of("storm");

private:
  std::unique_ptr<storage::Projections> projections_;
  std::uint64_t seq_ = 0;
};

// A first version's cache: eight replicates, one text. Its n was 8.
TEST_F(ReportReader, EightRunsWithOneCachedTextAreOneObservation) {
  for (std::uint64_t i = 1; i <= 8; ++i)
    play(i, RunStatus::completed, "the cached reply", 4.5);

  const auto text =
    sweeps::report::to_markdown(sweeps::report::report(read_back()));

  EXPECT_NE(text.find("tension: of 8 runs with a number only 1 is independent"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("| 8 | 1 | 4.5 no interval: one observation |"),
            std::string::npos)
    << text;
  EXPECT_EQ(text.find("Seed noise, the standard"), std::string::npos)
    << "nothing is known of it";
}

TEST_F(ReportReader, RunsThatDifferKeepTheirNumber) {
  for (std::uint64_t i = 1; i <= 8; ++i)
    play(i, RunStatus::completed, "reply " + std::to_string(i),
         4 + 0.1 * static_cast<double>(i));

  const auto text =
    sweeps::report::to_markdown(sweeps::report::report(read_back()));

  EXPECT_EQ(text.find("is independent"), std::string::npos);
  EXPECT_NE(text.find("| 8 | 8 | 4.45 (4.25 to 4.65) |"), std::string::npos)
    << text;
}

TEST_F(ReportReader, TablesTellRunsMoneyModelsAndTheirLastPhase) {
  play(1, RunStatus::completed, "one", 3);
  play(2, RunStatus::failed, "two", 9);

  const auto input = read_back();

  ASSERT_EQ(input.runs.size(), 8U);
  EXPECT_EQ(input.runs[0].values.at("tension"), 3);
  EXPECT_EQ(input.runs[1].status, RunStatus::failed);
  EXPECT_EQ(input.runs[1].last_phase, "decision");
  EXPECT_EQ(input.runs[2].status, RunStatus::planned);
  EXPECT_EQ(input.runs_planned, 8);
  EXPECT_TRUE(input.simulated);
  ASSERT_EQ(input.by_phase.size(), 1U);
  EXPECT_EQ(input.by_phase[0].name, "decision");
  EXPECT_EQ(input.by_phase[0].settled.usd, Money{1'000});
  ASSERT_EQ(input.metrics.size(), 1U);
  EXPECT_EQ(input.metrics[0].unit, "points");
  EXPECT_EQ(input.metrics[0].series.size(), 1U) << "of completed runs alone";
  EXPECT_FALSE(input.manifest);
}

} // namespace
} // namespace lab::tools
