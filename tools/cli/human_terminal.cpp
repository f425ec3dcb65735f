#include "tools/cli/human_terminal.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "runtime/base/text.hpp"
#include "tools/cli/human_dialogue.hpp"
#include "tools/cli/human_form.hpp"

namespace lab::tools {

namespace {

/// How soon a question is seen: nobody notices it, and it costs nothing.
constexpr std::chrono::milliseconds look_pause{200};

std::string place_text(const OpenQuestion& question) {
  return question.participant + " is asked (turn "
         + std::to_string(question.place.turn) + ", " + question.place.phase
         + ")";
}

} // namespace

HumanTerminal::HumanTerminal(Engine& engine, Console& console,
                             LiveDisplay& display, Settings settings)
  : engine_(engine), console_(console), display_(display),
    settings_(std::move(settings)), editor_(settings_.editor),
    thread_([this] { serve(); }) {}

HumanTerminal::~HumanTerminal() {
  {
    const std::lock_guard lock{guard_};
    stopped_ = true;
  }
  wake_.notify_all();
  editor_.end();
  thread_.join();
}

void HumanTerminal::serve() {
  std::unique_lock lock{guard_};
  while (
    !wake_.wait_for(lock, look_pause, [this] { return stopped_.load(); })) {
    lock.unlock();
    const auto open = engine_.questions().open;
    if (settings_.attended && !open.empty())
      ask(open.front());
    if (!settings_.attended)
      for (const auto& question : open)
        announce(question);
    lock.lock();
  }
}

void HumanTerminal::ask(const OpenQuestion& question) {
  display_.pause();
  const auto until = deadline_text(question);
  console_.problem(place_text(question) + (until.empty() ? "" : "; " + until)
                   + "\n");
  DialogueHooks hooks;
  hooks.edit = [this](const std::string& path) { return editor_.open(path); };
  hooks.ask = [this](const std::string& prompt) { return read_line(prompt); };
  hooks.say = [this](const std::string& text) { console_.problem(text); };
  hooks.answer = [this](AttemptId id, std::string answer) {
    return engine_.answer(id, std::move(answer));
  };
  hooks.interrupted = [this] { return stopped_.load(); };
  const auto end = converse(question, settings_.folder, hooks);
  if (end == DialogueEnd::stopped) {
    engine_.stop(true, {Errc::waits_for_person,
                        question.participant + " has not answered (turn "
                          + std::to_string(question.place.turn) + ", "
                          + question.place.phase + ")"});
    display_.go_on();
    // The question is being taken back; nobody shall be asked meanwhile.
    std::unique_lock lock{guard_};
    wake_.wait(lock, [this] { return stopped_.load(); });
  }
  display_.go_on();
}

void HumanTerminal::announce(const OpenQuestion& question) {
  if (!announced_.insert(question.id).second)
    return;
  const auto until = deadline_text(question);
  console_.say(place_text(question) + (until.empty() ? "" : "; " + until)
               + "\n");
}

std::optional<std::string> HumanTerminal::read_line(const std::string& prompt) {
  console_.problem(prompt);
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      auto line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (stopped_)
      return std::nullopt;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const auto ready = poll(&input, 1, static_cast<int>(look_pause.count()));
    if (ready < 0 && errno != EINTR)
      return std::nullopt;
    if (ready <= 0)
      continue;
    char block[1024];
    const auto size = read(STDIN_FILENO, block, sizeof block);
    if (size <= 0) // the end of input: nobody is there any more
      return std::nullopt;
    unread_.append(block, static_cast<std::size_t>(size));
  }
}

} // namespace lab::tools
