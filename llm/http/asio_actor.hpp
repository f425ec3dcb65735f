#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/all.hpp>

#include "llm/http/asio_host.hpp"

// Internal: includes Asio. Actors whose handlers run on the Asio thread.

namespace lab::llm {

/// Where hosted actors are resumed: their messages become Asio handlers. Other
/// actors that a hosted one wakes go to CAF's own workers.
class AsioUnit final : public caf::execution_unit {
public:
  AsioUnit(caf::actor_system& system, boost::asio::io_context& io)
    : caf::execution_unit(&system), io_(io) {}

  void exec_later(caf::resumable* job) override {
    if (job->subtype() == caf::resumable::io_actor)
      boost::asio::post(io_, [this, job] { resume(job); });
    else
      system().scheduler().enqueue(job);
  }

private:
  /// Messages handled before sockets get their turn.
  static constexpr std::size_t messages_max = 64;

  void resume(caf::resumable* job) {
    if (job->resume(this, messages_max) == caf::resumable::resume_later)
      boost::asio::post(io_, [this, job] { resume(job); });
    else
      caf::intrusive_ptr_release(job); // the reference `enqueue` took
  }

  boost::asio::io_context& io_;
};

class AsioTimer final : public Timer {
public:
  explicit AsioTimer(boost::asio::io_context& io) : io_(io) {}
  void after(std::chrono::nanoseconds wait,
             std::function<void()> then) override;

private:
  boost::asio::io_context& io_;
};

/// The thread, and the count of actors that still need it.
class AsioHost::Hosting {
public:
  explicit Hosting(caf::actor_system& system);

  caf::actor_system& system() { return system_; }
  boost::asio::io_context& io() { return io_; }
  AsioUnit& unit() { return unit_; }
  Timer& timer() { return timer_; }

  /// Keeps a strong reference, so that a hosted actor ends by being told to and
  /// never, as unreachable, on whatever thread drops its last handle.
  void keep(caf::actor hosted);
  /// By a hosted actor on its way out, on this thread.
  void left();
  void stop();

private:
  caf::actor_system& system_;
  boost::asio::io_context io_{1}; // one thread runs it
  AsioUnit unit_;
  AsioTimer timer_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    work_;
  std::mutex guard_;
  std::condition_variable empty_;
  std::size_t live_ = 0;
  std::vector<caf::actor> hosted_;
  std::thread thread_;
};

/// A typed actor that runs on the Asio thread. Its promises may be delivered
/// from Asio handlers, because those run on its own thread.
template <class Interface>
class AsioActor : public Interface::base {
public:
  using Base = typename Interface::base;

  AsioActor(caf::actor_config& config, AsioHost::Hosting& hosting)
    : Base(config), hosting_(hosting) {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message,
               caf::execution_unit*) override {
    Base::enqueue(std::move(message), &hosting_.unit());
  }
  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    Base::launch(&hosting_.unit(), lazy, hide);
  }
  caf::resumable::subtype_t subtype() const override {
    return caf::resumable::io_actor;
  }
  void on_exit() override { hosting_.left(); }

private:
  AsioHost::Hosting& hosting_;
};

} // namespace lab::llm
