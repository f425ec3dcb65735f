#include "actors/participants/participant.hpp"

#include <map>
#include <memory>
#include <utility>

#include "actors/participants/questions.hpp"
#include "runtime/base/check.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

/// A question on its way, and who waits for its answer. Leaves the table of
/// its PARTICIPANT only by `deliver` or `fail`.
class Pending {
public:
  Pending() = default;
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  virtual ~Pending() = default;

  virtual IssueCall call() const = 0;
  /// @returns whether nothing more is to be asked
  virtual bool take(const CallAnswer& answer) = 0;
  virtual void deliver(const Asker& asker) = 0;
  virtual void fail(caf::error why) = 0;
};

template <class Request>
class PendingQuestion final : public Pending {
public:
  using Kind = QuestionKind<Request>;
  using Promise = caf::typed_response_promise<typename Kind::Done>;
  using Asking = actors::Asking<typename Kind::Value, Kind::parse>;

  PendingQuestion(Request request, Asking asking, Promise caller)
    : request_(std::move(request)), asking_(std::move(asking)),
      caller_(std::move(caller)) {}

  IssueCall call() const override { return asking_.call(); }
  bool take(const CallAnswer& answer) override { return asking_.take(answer); }
  void deliver(const Asker& asker) override {
    auto done = Kind::done(asker, request_, asking_.finish());
    if (done)
      caller_.deliver(std::move(*done));
    else
      caller_.deliver(to_caf(done.error()));
  }
  void fail(caf::error why) override { caller_.deliver(std::move(why)); }

private:
  Request request_;
  Asking asking_;
  Promise caller_;
};

/// One step per member function, in the order a question goes through them.
struct ParticipantState {
  static inline const char* name = "lab.participant";

  explicit ParticipantState(ParticipantActor::pointer pointer)
    : self(pointer) {}

  template <class Request>
  caf::result<typename QuestionKind<Request>::Done>
  on_question(const Request& m);                             // 1: word it
  void ask(const Place& at);                                 // 2: issue a call
  void on_answer(const Place& at, const CallAnswer& answer); // 3: read it
  void on_failed(const Place& at, caf::error why);           // any: answer
  void on_exit(const caf::exit_msg& m);                      // the run is over

  ParticipantActor::pointer self;
  Asker asker;
  GatewayActor gateway;
  /// By the place of their first call. Entries leave by delivering.
  std::map<Place, std::unique_ptr<Pending>> pending;
};

template <class Request>
caf::result<typename QuestionKind<Request>::Done>
ParticipantState::on_question(const Request& m) {
  using Kind = QuestionKind<Request>;
  using Entry = PendingQuestion<Request>;
  const auto place = Kind::place(asker, m);
  const auto& own = asker.own();
  const auto control = asker.spec->control_of(own, place.turn);
  if (control != Control::human && own.model.empty())
    return to_caf({Errc::invalid_input,
                   "participant '" + asker.id + "' has no model to decide in "
                     + "turn " + std::to_string(place.turn)});
  LAB_CHECK(!pending.contains(place), to_string(place));
  const auto model_place = Entry::Asking::model_place(place, control);
  typename Entry::Asking asking{asker.spec, place,
                                Kind::question(asker, m, model_place), control,
                                own.on_timeout};
  auto caller = self->make_response_promise<typename Kind::Done>();
  pending.emplace(place, std::make_unique<Entry>(m, std::move(asking), caller));
  ask(place);
  return caller;
}

void ParticipantState::ask(const Place& at) {
  self->request(gateway, caf::infinite, pending.at(at)->call())
    .then([this, at](const CallAnswer& answer) { on_answer(at, answer); },
          [this, at](caf::error& why) { on_failed(at, std::move(why)); });
}

void ParticipantState::on_answer(const Place& at, const CallAnswer& answer) {
  if (!pending.at(at)->take(answer))
    return ask(at);
  pending.extract(at).mapped()->deliver(asker);
}

void ParticipantState::on_failed(const Place& at, caf::error why) {
  pending.extract(at).mapped()->fail(std::move(why));
}

void ParticipantState::on_exit(const caf::exit_msg& m) {
  for (const auto& [place, question] : std::exchange(pending, {}))
    question->fail(to_caf({Errc::shutting_down, "participant " + asker.id}));
  self->quit(m.reason);
}

ParticipantActor::behavior_type
participant(ParticipantActor::stateful_pointer<ParticipantState> self,
            Shared<RunSpec> spec, std::string id, GatewayActor gateway) {
  harden(self);
  self->set_exit_handler([self](caf::exit_msg& m) { self->state.on_exit(m); });
  auto& state = self->state;
  const auto* own = spec->scenario->participant(id);
  LAB_CHECK(own != nullptr, "participant=" + id);
  if (provider_of(own->model) == "sim")
    state.asker.briefs.emplace(spec->scenario);
  state.asker.spec = std::move(spec);
  state.asker.id = std::move(id);
  state.gateway = std::move(gateway);
  return {
    [self](const Decide& m) { return self->state.on_question(m); },
    [self](const OfferTalk& m) { return self->state.on_question(m); },
    [self](const AnswerTalk& m) { return self->state.on_question(m); },
    [self](const ProposeCoalition& m) { return self->state.on_question(m); },
    [self](const AnswerCoalition& m) { return self->state.on_question(m); },
    [self](const SpeakInCoalition& m) { return self->state.on_question(m); },
  };
}

} // namespace

ParticipantActor spawn_participant(caf::scheduled_actor* run,
                                   Shared<RunSpec> spec, std::string id,
                                   GatewayActor gateway) {
  return run->spawn<caf::linked>(participant, std::move(spec), std::move(id),
                                 std::move(gateway));
}

} // namespace lab::actors
