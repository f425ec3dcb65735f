#include <map>
#include <utility>

#include "storage/journal.hpp"
#include "storage/journal_file.hpp"
#include "storage/ledger_fold.hpp"

namespace lab::storage {

namespace {

/// Goes on where opening would stop, to name every problem.
class Verifier {
public:
  Verifier(sqlite::Database& database, JournalReport& report)
    : database_(database), report_(report) {}

  Result<void> run() {
    LAB_CHECKED(check_pages());
    LAB_CHECKED(check_facts());
    LAB_CHECKED(check_balances());
    return check_replies();
  }

private:
  void add(std::string problem) {
    report_.problems.push_back(std::move(problem));
  }

  Result<void> check_pages() {
    LAB_TRY(auto rows, database_.prepare("PRAGMA integrity_check"));
    for (;;) {
      LAB_TRY(const bool row, rows.step());
      if (!row)
        return {};
      if (rows.text(0) != "ok")
        add(std::string{rows.text(0)});
    }
  }

  Result<void> check_facts() {
    LAB_TRY(auto rows, FactRows::from(database_, 0));
    Head last;
    for (;;) {
      LAB_TRY(const auto* row, rows.next());
      if (row == nullptr)
        break;
      if (auto problem = link_problem(last, *row); !problem.empty())
        add(std::move(problem));
      last = {row->seq, row->hash};
      ++report_.facts;
      const auto fact = rows.decode(*row);
      if (!fact) {
        add(fact.error().context);
        continue;
      }
      if (const auto summed = fold_.apply(fact->fact); !summed)
        add(at_fact(row->seq) + summed.error().context);
      if (const auto* resolved = std::get_if<CallResolved>(&fact->fact);
          resolved != nullptr && resolved->reply_hash != Digest256{})
        settlements_.emplace(row->seq, *resolved);
    }
    report_.last_seq = last.seq;
    report_.head = lab::to_string(last.hash);
    LAB_TRY(const auto written, stored_head(database_));
    if (auto problem = head_problem(written, last); !problem.empty())
      add(std::move(problem));
    return {};
  }

  Result<void> check_balances() {
    LAB_TRY(const auto stored, stored_balances(database_));
    LAB_TRY(const auto schema, stored_schema(database_));
    for (auto& difference : differences(schema, stored, fold_.accounts()))
      add(std::move(difference));
    return {};
  }

  Result<void> check_replies() {
    LAB_TRY(auto rows,
            database_.prepare("SELECT seq, body FROM replies ORDER BY seq"));
    for (;;) {
      LAB_TRY(const bool row, rows.step());
      if (!row)
        break;
      const auto seq = static_cast<std::uint64_t>(rows.integer(0));
      const auto settlement = settlements_.extract(seq);
      if (settlement.empty()) {
        add("a reply stands at " + std::to_string(seq)
            + ", where nothing was settled");
        continue;
      }
      ++report_.replies;
      const auto reply = checked_reply(rows.text(1), settlement.mapped());
      if (!reply)
        add(at_fact(seq) + reply.error().context);
    }
    for (const auto& [seq, resolved] : settlements_)
      add(at_fact(seq) + "the reply of attempt " + to_string(resolved.attempt)
          + " is missing");
    return {};
  }

  sqlite::Database& database_;
  JournalReport& report_;
  LedgerFold fold_;
  std::map<std::uint64_t, CallResolved> settlements_;
};

} // namespace

JournalReport Journal::verify(const std::string& path) {
  JournalReport report;
  auto database = open_journal(path);
  auto checked = database ? Verifier{*database, report}.run()
                          : Result<void>{tl::unexpected(database.error())};
  if (!checked)
    report.problems.push_back(explained(checked.error(), path).context);
  return report;
}

} // namespace lab::storage
