#include "storage/catch_up.hpp"

#include <filesystem>

#include "storage/journal.hpp"
#include "storage/journal_file.hpp"
#include "storage/projections.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/workspace.hpp"

namespace lab::storage {

namespace {

using sqlite::Database;
using sqlite::OpenMode;

Result<std::uint64_t> last_in_tables(const std::string& path) {
  if (!std::filesystem::exists(path))
    return 0;
  LAB_TRY(auto database, Database::open(path, OpenMode::read_only));
  LAB_TRY(const auto seq,
          database.integer("SELECT value FROM meta WHERE key = 'last_seq'"));
  return static_cast<std::uint64_t>(seq);
}

Result<std::uint64_t> last_in_journal(const std::string& path) {
  LAB_TRY(auto database, open_journal(path));
  LAB_TRY(const auto head, stored_head(database));
  return head.seq;
}

} // namespace

Result<void> catch_up_tables(const std::string& folder) {
  const WorkspacePaths paths{folder};
  if (!std::filesystem::exists(paths.ledger) || owner_of(folder))
    return {};
  // Nobody may start an engine meanwhile.
  LAB_TRY(const auto workspace, Workspace::open(folder));
  LAB_TRY(const auto written, last_in_journal(paths.ledger));
  // Tables that cannot be read are made anew below.
  if (last_in_tables(paths.analytics).value_or(0) >= written)
    return {};
  LAB_TRY(auto journal, Journal::open(paths.ledger, {}));
  LAB_TRY(auto projections, Projections::open(paths.analytics));
  return projections->catch_up(*journal);
}

} // namespace lab::storage
