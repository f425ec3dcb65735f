#include "storage/tables.hpp"

namespace lab::storage {

namespace {

// Money is in pico-dollars, times in milliseconds since 1970. Texts that hold
// lists or maps are JSON. docs/formats/analytics.md describes every column.
constexpr const char* schema = R"(
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES('last_seq', 0);

CREATE TABLE sweeps(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  scenario TEXT NOT NULL,
  manifest TEXT NOT NULL,
  points INTEGER NOT NULL,
  replicates INTEGER NOT NULL,
  factors TEXT NOT NULL,
  output TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  planned_at INTEGER NOT NULL,
  ended_at INTEGER,
  settled_pico_usd INTEGER NOT NULL DEFAULT 0,
  settled_calls INTEGER NOT NULL DEFAULT 0,
  settled_tokens INTEGER NOT NULL DEFAULT 0,
  unknown_pico_usd INTEGER NOT NULL DEFAULT 0,
  unknown_calls INTEGER NOT NULL DEFAULT 0,
  unknown_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_pico_usd INTEGER NOT NULL DEFAULT 0,
  reserved_calls INTEGER NOT NULL DEFAULT 0,
  reserved_tokens INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE points(
  sweep TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  factors TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY(sweep, name)) STRICT, WITHOUT ROWID;

CREATE TABLE sweep_runs(
  sweep TEXT NOT NULL,
  name TEXT NOT NULL,
  run TEXT NOT NULL,
  point TEXT NOT NULL,
  position INTEGER NOT NULL,
  replicate INTEGER NOT NULL,
  PRIMARY KEY(sweep, name)) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_runs_by_run ON sweep_runs(run);

CREATE TABLE runs(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sweep TEXT NOT NULL DEFAULT '',
  point TEXT NOT NULL DEFAULT '',
  replicate INTEGER NOT NULL DEFAULT 0,
  seed TEXT NOT NULL,
  factors TEXT NOT NULL DEFAULT '{}',
  scenario TEXT NOT NULL DEFAULT '',
  scenario_name TEXT NOT NULL DEFAULT '',
  scenario_content TEXT NOT NULL DEFAULT '',
  turn_duration TEXT NOT NULL DEFAULT '',
  actors TEXT NOT NULL DEFAULT '[]',
  metrics TEXT NOT NULL DEFAULT '[]',
  models TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL,
  code TEXT NOT NULL DEFAULT 'ok',
  reason TEXT NOT NULL DEFAULT '',
  turns_planned INTEGER NOT NULL DEFAULT 0,
  turns_completed INTEGER NOT NULL DEFAULT 0,
  halted_by_phase INTEGER NOT NULL DEFAULT 0,
  validation TEXT NOT NULL DEFAULT '',
  user TEXT NOT NULL DEFAULT '',
  output TEXT NOT NULL DEFAULT '',
  simulated INTEGER NOT NULL DEFAULT 0,
  branch_from TEXT NOT NULL DEFAULT '',
  branch_turn INTEGER NOT NULL DEFAULT 0,
  planned_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  artefact_error TEXT NOT NULL DEFAULT '',
  settled_pico_usd INTEGER NOT NULL DEFAULT 0,
  settled_calls INTEGER NOT NULL DEFAULT 0,
  settled_tokens INTEGER NOT NULL DEFAULT 0,
  unknown_pico_usd INTEGER NOT NULL DEFAULT 0,
  unknown_calls INTEGER NOT NULL DEFAULT 0,
  unknown_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_pico_usd INTEGER NOT NULL DEFAULT 0,
  reserved_calls INTEGER NOT NULL DEFAULT 0,
  reserved_tokens INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX runs_by_sweep ON runs(sweep);
CREATE INDEX runs_by_name ON runs(name);

CREATE TABLE turns(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  world TEXT NOT NULL,
  key_changes TEXT NOT NULL,
  consequences TEXT NOT NULL,
  summary TEXT NOT NULL,
  halt TEXT NOT NULL,
  replies TEXT NOT NULL,
  completed_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX turns_by_run ON turns(run, turn);

CREATE TABLE decisions(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  actor TEXT NOT NULL,
  long_term_goals TEXT NOT NULL,
  short_term_priorities TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  action TEXT NOT NULL,
  repaired INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  timed_out INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX decisions_by_run ON decisions(run, turn, position);
CREATE INDEX decisions_by_actor ON decisions(actor);

CREATE TABLE communications(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipients TEXT NOT NULL,
  text TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX communications_by_run
  ON communications(run, turn, position);

CREATE TABLE talks(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  initiator TEXT NOT NULL,
  target TEXT NOT NULL,
  message TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  answer TEXT NOT NULL,
  notes TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;

CREATE TABLE coalitions(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  proposer TEXT NOT NULL,
  members TEXT NOT NULL,
  purpose TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  formed INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;

CREATE TABLE coalition_answers(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  coalition INTEGER NOT NULL,
  position INTEGER NOT NULL,
  actor TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  response TEXT NOT NULL,
  notes TEXT NOT NULL,
  PRIMARY KEY(run, turn, coalition, position)) STRICT, WITHOUT ROWID;

CREATE TABLE exogenous_events(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  description TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;

CREATE TABLE metrics(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  metric TEXT NOT NULL,
  actor TEXT NOT NULL,
  status TEXT NOT NULL,
  value REAL,
  text TEXT NOT NULL,
  level TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_name ON metrics(metric, actor);

CREATE TABLE validations(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  verdict TEXT NOT NULL,
  severity TEXT NOT NULL,
  issues TEXT NOT NULL,
  explanation TEXT NOT NULL,
  PRIMARY KEY(run, turn, position)) STRICT, WITHOUT ROWID;

CREATE TABLE calls(
  seq INTEGER PRIMARY KEY,
  attempt TEXT NOT NULL,
  run TEXT NOT NULL,
  sweep TEXT NOT NULL,
  point TEXT NOT NULL,
  user TEXT NOT NULL,
  day TEXT NOT NULL,
  turn INTEGER NOT NULL,
  phase TEXT NOT NULL,
  actor TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  number INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  price TEXT NOT NULL,
  resolution TEXT NOT NULL,
  pico_usd INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  overrun INTEGER NOT NULL,
  reason TEXT NOT NULL,
  latency_ms INTEGER,
  reserved_at INTEGER NOT NULL,
  resolved_at INTEGER) STRICT;
CREATE UNIQUE INDEX calls_by_attempt ON calls(attempt);
CREATE INDEX calls_by_run ON calls(run);
CREATE INDEX calls_by_sweep ON calls(sweep);

CREATE TABLE shared_calls(
  run TEXT NOT NULL,
  turn INTEGER NOT NULL,
  phase TEXT NOT NULL,
  actor TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(run, turn, phase, actor, ordinal)) STRICT, WITHOUT ROWID;

CREATE TABLE limits(
  account TEXT PRIMARY KEY,
  pico_usd INTEGER,
  calls INTEGER,
  tokens INTEGER,
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE model_checks(
  sweep TEXT NOT NULL,
  model TEXT NOT NULL,
  number INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  digest TEXT NOT NULL,
  replies TEXT NOT NULL,
  stratum INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY(sweep, model, number)) STRICT, WITHOUT ROWID;

CREATE TABLE prices(
  id TEXT PRIMARY KEY,
  row TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIEW costs AS SELECT
  run, sweep, point, user, day, turn, phase, actor, provider, model,
  SUM(iif(resolution = 'settled', pico_usd, 0)) AS settled_pico_usd,
  SUM(iif(resolution = 'settled', calls, 0)) AS settled_calls,
  SUM(iif(resolution = 'settled', tokens, 0)) AS settled_tokens,
  SUM(iif(resolution IN ('unknown', 'bounded'), pico_usd, 0))
    AS unknown_pico_usd,
  SUM(iif(resolution IN ('unknown', 'bounded'), calls, 0)) AS unknown_calls,
  SUM(iif(resolution IN ('unknown', 'bounded'), tokens, 0)) AS unknown_tokens,
  SUM(iif(resolution = 'reserved', pico_usd, 0)) AS reserved_pico_usd,
  SUM(iif(resolution = 'reserved', calls, 0)) AS reserved_calls,
  SUM(iif(resolution = 'reserved', tokens, 0)) AS reserved_tokens
FROM calls
GROUP BY run, sweep, point, user, day, turn, phase, actor, provider, model;
)";

} // namespace

Result<void> Tables::create(sqlite::Database& database) {
  LAB_CHECKED(
    database.exec("PRAGMA application_id=" + std::to_string(analytics_id)));
  LAB_CHECKED(
    database.exec("PRAGMA user_version=" + std::to_string(analytics_version)));
  return database.exec(schema);
}

} // namespace lab::storage
