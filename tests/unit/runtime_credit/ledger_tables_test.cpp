// Runs every table in `tables/`: one operation a line, what it answers after
// "->". A new case is a new line or a new file; see tables/README.md.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "runtime/base/text.hpp"
#include "runtime/credit/credit_ledger.hpp"

namespace lab::runtime {
namespace {

const AccountId sweep{AccountKind::sweep, to_string(SweepId{1})};

/// "c3@2": call 3 of run 2; "c3": of run 1.
CallReserved named(const std::string& name, std::int64_t worst) {
  const auto at = name.find('@');
  const std::uint64_t run =
    at == std::string::npos ? 1 : std::stoull(name.substr(at + 1));
  CallReserved call;
  call.owner.run = RunId{run};
  call.owner.sweep = SweepId{1};
  call.owner.user = "me";
  call.place.phase = name;
  call.attempt = attempt_id_of(call_key_of(RunId{run}, call.place), 1);
  call.worst = {Money{worst}, 1, 0};
  return call;
}

std::string numbers(const CreditLedger& ledger) {
  const auto balance = ledger.balance(sweep);
  return "settled=" + std::to_string(balance.settled.usd.pico_usd)
         + " unknown=" + std::to_string(balance.unknown.usd.pico_usd)
         + " reserved=" + std::to_string(balance.reserved.usd.pico_usd);
}

/// What one operation answers, in the words of the tables.
std::string perform(CreditLedger& ledger, const std::vector<std::string>& words,
                    const std::map<AttemptId, std::string>& names) {
  const auto& verb = words.at(0);
  if (verb == "limit") {
    Limit limit;
    limit.usd = Money{std::stoll(words.at(1))};
    ledger.set_limit({sweep, limit, "me", "table"});
    return numbers(ledger);
  }
  if (verb == "reserve") {
    const auto admission =
      ledger.request(named(words.at(1), std::stoll(words.at(2))));
    if (!admission)
      return std::string{to_string(admission.error().code)};
    return *admission == CreditLedger::Admission::queued ? "queued"
                                                         : "reserved";
  }
  if (verb == "admit") {
    std::string out;
    for (const auto& decision : ledger.admit_waiting(0))
      out += (out.empty() ? "" : " ") + names.at(decision.reservation.attempt)
             + (decision.refused ? ":refused" : ":reserved");
    return out.empty() ? "nobody" : out;
  }
  const auto call = named(words.at(1), 0);
  if (verb == "withdraw")
    return ledger.withdraw(call.attempt) ? "withdrawn" : "not waiting";
  CallResolved end;
  end.attempt = call.attempt;
  end.resolution = *resolution_from(verb);
  if (words.size() > 2)
    end.charge = {Money{std::stoll(words.at(2))}, 1, 0};
  const auto ended = ledger.resolve(end);
  if (!ended)
    return std::string{to_string(ended.error().code)};
  return (ended->overrun ? "overrun " : "") + numbers(ledger);
}

TEST(LedgerTables, EveryLineAnswersAsWritten) {
  std::size_t lines = 0;
  const auto folder =
    std::filesystem::path{LAB_SOURCE_DIR} / "tests/unit/runtime_credit/tables";
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    if (file.path().extension() != ".ledger")
      continue;
    CreditLedger ledger{std::make_shared<PermitRegister>()};
    std::map<AttemptId, std::string> names;
    std::ifstream in{file.path()};
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      const auto text = trim(std::string_view{line}.substr(0, line.find('#')));
      const auto arrow = text.find("->");
      if (arrow == std::string_view::npos)
        continue;
      std::istringstream operation{std::string{text.substr(0, arrow)}};
      std::vector<std::string> words{
        std::istream_iterator<std::string>{operation}, {}};
      if (words.size() > 1 && words[0] != "limit")
        names[named(words[1], 0).attempt] = words[1];

      EXPECT_EQ(perform(ledger, words, names), trim(text.substr(arrow + 2)))
        << file.path().filename() << ":" << number;

      ++lines;
    }
  }
  EXPECT_GT(lines, 30U);
}

} // namespace
} // namespace lab::runtime
