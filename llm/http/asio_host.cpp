#include "llm/http/asio_host.hpp"

#include <boost/asio/steady_timer.hpp>
#include <pthread.h>

#include "llm/http/asio_actor.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::llm {

namespace asio = boost::asio;

namespace {

/// LANE as an actor: hands each message to its `Lane` and each result to the
/// promise of whoever asked.
class HostedLane final : public AsioActor<LaneActor> {
public:
  HostedLane(caf::actor_config& config, AsioHost::Hosting& hosting,
             std::shared_ptr<Lane> lane)
    : AsioActor<LaneActor>(config, hosting), lane_(std::move(lane)) {}

  const char* name() const override { return "lab.lane"; }

  void on_exit() override {
    lane_.reset();
    AsioActor<LaneActor>::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    harden(this);
    set_exit_handler([this](caf::exit_msg& m) {
      lane_->close();
      quit(m.reason);
    });
    return {
      [this](const AcquireSlot& m) { return on_acquire(m); },
      [this](const ReleaseSlot& m) { lane_->release(m.attempt); },
      [this](const SendCall& m) { return on_send(m); },
      [this](const AbortCall& m) { lane_->abort(m.attempt); },
      [this](const IdentifyModel& m) { return on_identify(m); },
      [this](const GetLaneStatus&) { return lane_->status(); },
    };
  }

private:
  caf::result<Done> on_acquire(const AcquireSlot& m) {
    auto promise = make_response_promise<Done>();
    lane_->acquire(m, [promise](const Result<Done>& granted) mutable {
      if (granted)
        promise.deliver(*granted);
      else
        promise.deliver(to_caf(granted.error()));
    });
    return promise;
  }

  caf::result<CallOutcome> on_send(const SendCall& m) {
    auto promise = make_response_promise<CallOutcome>();
    lane_->send(m, [promise](CallOutcome outcome) mutable {
      promise.deliver(std::move(outcome));
    });
    return promise;
  }

  caf::result<ModelIdentity> on_identify(const IdentifyModel& m) {
    auto promise = make_response_promise<ModelIdentity>();
    lane_->identify(m.model,
                    [promise](const Result<std::string>& told) mutable {
                      if (told)
                        promise.deliver(ModelIdentity{*told});
                      else
                        promise.deliver(to_caf(told.error()));
                    });
    return promise;
  }

  std::shared_ptr<Lane> lane_;
};

} // namespace

void AsioTimer::after(std::chrono::nanoseconds wait,
                      std::function<void()> then) {
  if (wait <= std::chrono::nanoseconds::zero()) {
    asio::post(io_, std::move(then));
    return;
  }
  auto timer = std::make_unique<asio::steady_timer>(io_, wait);
  auto& waits = *timer;
  waits.async_wait([timer = std::move(timer), then = std::move(then)](
                     const boost::system::error_code& error) {
    if (!error)
      then();
  });
}

AsioHost::Hosting::Hosting(caf::actor_system& system)
  : system_(system), unit_(system, io_), timer_(io_),
    work_(asio::make_work_guard(io_)), thread_([this] {
      pthread_setname_np(pthread_self(), "lab.asio");
      io_.run();
    }) {}

void AsioHost::Hosting::keep(caf::actor hosted) {
  std::lock_guard lock{guard_};
  ++live_;
  hosted_.push_back(std::move(hosted));
}

void AsioHost::Hosting::left() {
  // Notified under the lock: once `stop` sees zero it may end everything here.
  std::lock_guard lock{guard_};
  --live_;
  empty_.notify_all();
}

void AsioHost::Hosting::stop() {
  if (!thread_.joinable())
    return;
  std::unique_lock lock{guard_};
  for (const auto& hosted : hosted_)
    caf::anon_send_exit(hosted, caf::exit_reason::user_shutdown);
  empty_.wait(lock, [this] { return live_ == 0; });
  hosted_.clear();
  lock.unlock();
  work_.reset();
  io_.stop(); // timers that nobody waits for any more
  thread_.join();
}

AsioHost::AsioHost(caf::actor_system& system)
  : hosting_(std::make_unique<Hosting>(system)) {}

AsioHost::~AsioHost() { stop(); }

Timer& AsioHost::timer() { return hosting_->timer(); }

asio::io_context& AsioHost::context() { return hosting_->io(); }

LaneActor AsioHost::host_lane(LaneSettings settings,
                              std::unique_ptr<Transport> transport,
                              std::shared_ptr<const Clock> clock) {
  auto lane = std::make_shared<Lane>(std::move(settings), std::move(transport),
                                     hosting_->timer(), std::move(clock));
  auto actor =
    hosting_->system().spawn<HostedLane>(std::ref(*hosting_), std::move(lane));
  hosting_->keep(caf::actor_cast<caf::actor>(actor));
  return actor;
}

void AsioHost::stop() { hosting_->stop(); }

} // namespace lab::llm
