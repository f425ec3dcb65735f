#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/model/fact.hpp"
#include "storage/journal.hpp"

namespace lab::storage {

/// Whether facts also become the files of a run's output folder.
enum class ArtefactMode { write, skip };

/// `scenario-lab.db`: the journal as tables, and as files for people. Holds
/// nothing of its own: deleted, it can be made again from the journal. One
/// writer; readers use `Queries`. docs/formats/analytics.md names the columns.
class Projections {
public:
  /// Opens or makes the database. One of another version or one that cannot be
  /// read is made anew, empty; a database of another application is refused.
  /// @errors disk_failed, invalid_input
  static Result<std::unique_ptr<Projections>>
  open(const std::string& path, ArtefactMode artefacts = ArtefactMode::write);

  /// Deletes the database and projects the whole journal.
  /// @errors disk_failed, journal_corrupt
  static Result<std::unique_ptr<Projections>>
  rebuild(const std::string& path, Journal& journal,
          ArtefactMode artefacts = ArtefactMode::skip);

  ~Projections();

  /// Projects what the journal has beyond `last_seq`. For start-up, before
  /// JOURNAL and PROJECTOR run.
  /// @errors journal_corrupt when the journal is older than this database: a
  ///         backup was put back, or its -wal file was lost
  Result<void> catch_up(Journal& journal);

  /// Projects facts in one transaction; those seen before are passed over. A
  /// folder that cannot be written is noted in `runs.artefact_error` and is no
  /// error here.
  /// @errors disk_failed
  Result<void> project(const std::vector<JournalledFact>& facts);

  /// The last fact that is in the tables.
  std::uint64_t last_seq() const;

private:
  struct Impl;
  explicit Projections(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace lab::storage
