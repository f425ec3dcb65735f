#pragma once

#include "runtime/protocol/type_ids.hpp"

// The whole system on one page: every actor, every message, what it answers.
// Implementations include this page, never each other. Messages an actor sends
// to itself are not here; the implementation adds them with `extend`.
//
// Errors travel as caf::error of category "lab" (see caf_error.hpp).

namespace lab {

/// LANE: the queue and limits in front of one provider account or one local
/// server. One per provider. Hosted by the Asio thread; never blocks.
/// See llm/lane.hpp.
using LaneActor = caf::typed_actor<
  // Errors: provider_unreachable (given up), provider_refused (the account is
  // out of money), cancelled (released while it waited), shutting_down.
  caf::replies_to<AcquireSlot>::with<Done>, caf::reacts_to<ReleaseSlot>,
  // Never an error: every outcome is a value.
  caf::replies_to<SendCall>::with<CallOutcome>, caf::reacts_to<AbortCall>,
  // Errors: provider_unreachable.
  caf::replies_to<IdentifyModel>::with<ModelIdentity>,
  caf::replies_to<GetLaneStatus>::with<LaneStatus>>;

/// HUMAN DESK: the LANE of provider `human`: shows questions to people, and the
/// first good answer wins. One, with as many slots as are asked for and no
/// deadline but those of the questions. Never blocks.
/// See actors/people/human_desk.hpp.
using HumanDeskActor = LaneActor::extend<
  // Never an error: every answer gets its verdict.
  caf::replies_to<GetQuestions>::with<Questions>,
  caf::replies_to<AnswerQuestion>::with<AnswerVerdict>,
  caf::reacts_to<WithdrawQuestion>, caf::reacts_to<CloseDesk>>;

/// GATEWAY: the only door to a model. Journal look-up, single flight, credit,
/// lane, outcome. One. Never blocks. See llm/gateway.hpp.
using GatewayActor = caf::typed_actor<
  // Errors: limit_exhausted, sweep_limit_exhausted, model_limit_exhausted,
  // run_limit_exhausted,
  // limit_contended, model_not_priced, context_overflow, provider_*, reply_*,
  // non_determinism, not_journalled, cancelled, disk_failed.
  caf::replies_to<IssueCall>::with<CallAnswer>, caf::reacts_to<CancelRun>,
  // From CREDIT LIMIT, for requests that were queued.
  caf::reacts_to<CreditGranted>, caf::reacts_to<CreditRefused>,
  // Errors: model_not_priced, provider_unreachable.
  caf::replies_to<IdentifyModel>::with<ModelIdentity>,
  caf::replies_to<GetCallCounts>::with<CallCounts>>;

/// CREDIT LIMIT: approves every attempt before it is issued; owns all
/// balances. One. Never blocks. If it dies, the process aborts.
/// See runtime/credit/credit_limit.hpp.
using CreditLimitActor = caf::typed_actor<
  // Errors: limit_exhausted, sweep_limit_exhausted, model_limit_exhausted,
  // run_limit_exhausted,
  // limit_contended, attempt_id_reused, disk_failed, stopped, shutting_down.
  caf::replies_to<ReserveCredit>::with<ReserveAnswer>,
  caf::reacts_to<WithdrawRequest>,
  // Errors: reservation_not_found, attempt_id_reused, disk_failed.
  caf::replies_to<ResolveCall>::with<Done>,
  // Errors: disk_failed.
  caf::replies_to<SetLimits>::with<Done>, caf::reacts_to<CloseAdmissions>,
  caf::replies_to<GetBalances>::with<Balances>>;

/// JOURNAL: the only writer of the ledger file; group commit. One, detached.
/// If it dies, the process aborts. See storage/journal_actor.hpp.
using JournalActor = caf::typed_actor<
  // Errors: disk_failed.
  caf::replies_to<CommitFacts>::with<Committed>,
  // Errors: not_found, journal_corrupt.
  caf::replies_to<ReadReply>::with<StoredReply>>;

/// PROJECTOR: committed facts to the analytics database and artefacts. One,
/// detached. See storage/projector_actor.hpp.
using ProjectorActor =
  caf::typed_actor<caf::reacts_to<ProjectFacts>,
                   // Errors: disk_failed.
                   caf::replies_to<FlushProjections>::with<Done>>;

/// A phase of a turn: immutable state in, immutable state out. One per phase
/// and run. Never blocks. See actors/phases/.
using PhaseActor = caf::typed_actor<
  // Errors: those of the calls it makes, reply_invalid.
  caf::replies_to<RunPhase>::with<PhaseDone>>;

/// PARTICIPANT: builds its prompt from what it may see, asks, parses, repairs.
/// One per participant and run; answers several questions at once. Never
/// blocks. See actors/participants/.
using ParticipantActor = caf::typed_actor<
  // Errors: those of the calls it makes, reply_invalid.
  caf::replies_to<Decide>::with<DecisionMade>,
  // Errors: those of the calls. A reply that cannot be read, also after its
  // repair, is no error: nothing is said, and the raw reply is kept.
  caf::replies_to<OfferTalk>::with<TalkOffered>,
  caf::replies_to<AnswerTalk>::with<TalkAnswered>,
  caf::replies_to<ProposeCoalition>::with<CoalitionProposed>,
  caf::replies_to<AnswerCoalition>::with<CoalitionAnswered>,
  caf::replies_to<SpeakInCoalition>::with<CoalitionSpoken>>;

/// RUN: drives one run's program, phase by phase. One per run in flight. Never
/// blocks. See runtime/engine/run.hpp.
using RunActor = caf::typed_actor<
  // Never an error: how the run ended is a value.
  caf::replies_to<StartRun>::with<RunDone>, caf::reacts_to<StopRun>>;

/// EVENT HUB: hands events on to watchers. One. Never blocks; a slow watcher
/// loses events, never slows the engine. See runtime/engine/event_hub.hpp.
using EventHubActor =
  caf::typed_actor<caf::reacts_to<Event>, caf::reacts_to<Subscribe>>;

/// SENTINEL: asks models canaries through a sweep's night, and tells when
/// another model answers. One for a sweep that wants it. Never blocks. See
/// runtime/engine/sentinel.hpp.
using SentinelActor = caf::typed_actor<
  // Errors: disk_failed. Canaries that get no answer are no error.
  caf::replies_to<CheckModels>::with<ModelsChecked>,
  // Takes back the canaries that wait; what was heard is judged.
  caf::reacts_to<StopRun>>;

/// SUPERVISOR: admits runs, schedules them in order, stops them. One. Never
/// blocks. See runtime/engine/supervisor.hpp.
using SupervisorActor = caf::typed_actor<
  // Never an error: how the sweep ended is a value.
  caf::replies_to<StartSweep>::with<SweepOutcome>, caf::reacts_to<StopSweep>,
  caf::reacts_to<TurnPlayed>,
  caf::replies_to<GetProgress>::with<SweepProgress>>;

} // namespace lab
