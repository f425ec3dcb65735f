#include "tools/cli/human_dialogue.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/people/answer_form.hpp"
#include "runtime/base/text.hpp"
#include "tools/cli/human_form.hpp"

namespace lab::tools {

namespace {

constexpr std::size_t form_bytes_max = std::size_t{1} << 20U;

/// A file descriptor that closes itself.
class OpenFile {
public:
  OpenFile(const std::string& path, int flags)
    : fd_(
      open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)) {}
  ~OpenFile() {
    if (fd_ >= 0)
      close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }

private:
  int fd_;
};

tl::unexpected<Error> failed(const std::string& path) {
  return fail(Errc::disk_failed, path + ": " + std::strerror(errno));
}

Result<void> make_private(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || chmod(folder.c_str(), S_IRWXU) != 0)
    return failed(folder);
  return {};
}

Result<void> write_form(const std::string& path, const std::string& text) {
  const OpenFile file{path, O_WRONLY | O_CREAT | O_TRUNC};
  // A file that was there before may have been open to others.
  if (file.fd() < 0 || fchmod(file.fd(), S_IRUSR | S_IWUSR) != 0)
    return failed(path);
  for (std::size_t at = 0; at < text.size();) {
    const auto written = write(file.fd(), text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return failed(path);
    at += static_cast<std::size_t>(written);
  }
  return {};
}

/// Editors put a new file in the old one's place, so it is opened by name.
Result<std::string> read_text(const std::string& path) {
  const OpenFile file{path, O_RDONLY};
  if (file.fd() < 0)
    return failed(path);
  std::string text;
  char block[4096];
  for (;;) {
    const auto size = read(file.fd(), block, sizeof block);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      return failed(path);
    if (size == 0)
      return text;
    text.append(block, static_cast<std::size_t>(size));
    if (text.size() > form_bytes_max)
      return fail(Errc::invalid_input, path + ": longer than a megabyte");
  }
}

/// One question's way through editor, menu and desk.
class Dialogue {
public:
  Dialogue(const OpenQuestion& question, std::string folder,
           const DialogueHooks& hooks, actors::AnswerForm form)
    : question_(question), folder_(std::move(folder)), hooks_(hooks),
      form_(std::move(form)), path_(folder_ + "/" + form_name(question)) {}

  DialogueEnd run() {
    bool editor_works = begin();
    for (;;) {
      if (hooks_.interrupted())
        return DialogueEnd::interrupted;
      std::optional<DialogueEnd> end;
      if (editor_works)
        end = edit(editor_works);
      if (!end && hooks_.interrupted())
        return DialogueEnd::interrupted;
      if (!end && menu_)
        end = menu(editor_works);
      if (end)
        return leave(*end);
    }
  }

private:
  /// Writes the form, or takes up the one that was left here.
  bool begin() {
    if (const auto made = make_private(folder_); !made)
      return give_up_editing(made.error());
    if (auto left = read_text(path_); left && !is_blank(form_, *left)) {
      hooks_.say("Your unfinished answer is in the form.\n");
      text_ = std::move(*left);
    } else {
      text_ = form_text(question_, form_);
    }
    if (const auto written = write_form(path_, text_); !written)
      return give_up_editing(written.error());
    return true;
  }

  bool give_up_editing(const Error& why) {
    hooks_.say("The form cannot be opened: " + printable(why.context) + "\n");
    menu_ = true;
    return false;
  }

  /// The editor once, and what came of it; nothing when there is more to do.
  std::optional<DialogueEnd> edit(bool& editor_works) {
    menu_ = false;
    if (const auto closed = hooks_.edit(path_); !closed) {
      editor_works = give_up_editing(closed.error());
      return std::nullopt;
    }
    auto text = read_text(path_);
    if (!text) {
      hooks_.say("The form cannot be read: " + printable(text.error().context)
                 + "\n");
      text_ = form_text(question_, form_);
      static_cast<void>(write_form(path_, text_));
      menu_ = true;
      return std::nullopt;
    }
    const bool unchanged = *text == std::exchange(text_, *text);
    if (unchanged || is_blank(form_, text_)) {
      menu_ = true;
      return std::nullopt;
    }
    return hand_in();
  }

  std::optional<DialogueEnd> hand_in() {
    auto filled = read_form(form_, text_);
    if (filled.problems.empty()) {
      auto verdict = hooks_.answer(question_.id, std::move(filled.answer));
      if (verdict.state == AnswerVerdict::State::taken) {
        hooks_.say("Taken.\n");
        return DialogueEnd::answered;
      }
      if (verdict.state == AnswerVerdict::State::closed)
        return closed(verdict);
      filled.problems = std::move(verdict.problems);
    }
    hooks_.say("The form is not complete yet:\n  "
               + join(filled.problems, "\n  ") + "\n");
    text_ = with_problems(text_, filled.problems);
    static_cast<void>(write_form(path_, text_));
    return std::nullopt; // the editor again
  }

  std::optional<DialogueEnd> menu(bool editor_works) {
    const bool blank = is_blank(form_, text_);
    const auto line = hooks_.ask(
      std::string{"You wrote nothing new. "}
      + (editor_works ? "[a]nswer, " : "")
      + (blank ? "" : "[h]and in what stands there, ")
      + "[p]ass to the model, [s]kip this time, [q]uit (the run can be "
        "resumed): ");
    if (hooks_.interrupted())
      return DialogueEnd::interrupted;
    if (!line)
      return DialogueEnd::stopped;
    const auto word = to_lower(trim(*line));
    if (word == "q" || word == "quit")
      return DialogueEnd::stopped;
    if (word == "p" || word == "pass" || word == "s" || word == "skip")
      return decline(word.front() == 'p' ? "ai" : "skip");
    if (!blank && (word == "h" || word == "hand in"))
      return hand_in();
    return std::nullopt; // answer, or a word that is none: ask again
  }

  std::optional<DialogueEnd> decline(const char* how) {
    const auto verdict =
      hooks_.answer(question_.id, actors::declined_answer(how));
    if (verdict.state == AnswerVerdict::State::closed)
      return closed(verdict);
    return DialogueEnd::answered;
  }

  DialogueEnd closed(const AnswerVerdict& verdict) {
    hooks_.say("Your answer came too late: " + join(verdict.problems, "; ")
               + "\n");
    return DialogueEnd::closed;
  }

  DialogueEnd leave(DialogueEnd end) {
    if (end == DialogueEnd::answered || end == DialogueEnd::closed) {
      std::error_code ignored;
      std::filesystem::remove(path_, ignored);
    }
    return end;
  }

  const OpenQuestion& question_;
  std::string folder_;
  const DialogueHooks& hooks_;
  actors::AnswerForm form_;
  std::string path_;
  std::string text_; // as it was last written or read
  bool menu_ = false;
};

} // namespace

DialogueEnd converse(const OpenQuestion& question, const std::string& folder,
                     const DialogueHooks& hooks) {
  auto form = actors::form_of(question.kind, question.schema);
  if (!form) // the desk opens no such question
    return DialogueEnd::closed;
  return Dialogue{question, folder, hooks, std::move(*form)}.run();
}

} // namespace lab::tools
