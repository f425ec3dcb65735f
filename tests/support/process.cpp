#include "tests/support/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/json.hpp"

namespace lab::testing {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::filesystem::path unused_name(const std::filesystem::path& folder,
                                  const std::string& suffix) {
  for (int i = 0;; ++i)
    if (const auto path = folder / ("." + std::to_string(i) + suffix);
        !std::filesystem::exists(path))
      return path;
}

[[noreturn]] void become(const std::vector<std::string>& command,
                         const std::filesystem::path& folder,
                         const Variables& variables, int out, int err) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  for (const auto& [name, value] : variables)
    setenv(name.c_str(), value.c_str(), 1);
  if (chdir(folder.c_str()) != 0)
    _exit(126);
  std::vector<char*> arguments;
  for (const auto& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

} // namespace

Process::Process(const std::vector<std::string>& command,
                 const std::filesystem::path& folder,
                 const Variables& variables)
  : out_(unused_name(folder, ".out")), err_(unused_name(folder, ".err")) {
  const int out = open(out_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const int err = open(err_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  pid_ = fork();
  if (pid_ == 0)
    become(command, folder, variables, out, err);
  close(out);
  close(err);
  if (pid_ < 0)
    throw std::runtime_error{"fork failed"};
}

Process::~Process() {
  if (running()) {
    send(SIGKILL);
    reap(true);
  }
}

void Process::send(int signal) const { kill(pid_, signal); }

bool Process::running() { return !reap(false); }

bool Process::reap(bool block) {
  if (!ended_)
    ended_ = waitpid(pid_, &wait_status_, block ? 0 : WNOHANG) == pid_;
  return ended_;
}

Ended Process::wait(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!reap(false)) {
    if (std::chrono::steady_clock::now() > deadline) {
      send(SIGKILL);
      reap(true);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  Ended ended;
  if (WIFEXITED(wait_status_))
    ended.status = WEXITSTATUS(wait_status_);
  else
    ended.signal = WTERMSIG(wait_status_);
  ended.out = out();
  ended.err = err();
  std::filesystem::remove(out_);
  std::filesystem::remove(err_);
  return ended;
}

std::string Process::out() const { return content_of(out_); }
std::string Process::err() const { return content_of(err_); }

TempFolder::TempFolder(On where) {
  const std::filesystem::path memory{"/dev/shm"};
  const auto base = where == On::memory && std::filesystem::exists(memory)
                      ? memory
                      : std::filesystem::temp_directory_path();
  auto pattern = (base / "scenario-lab-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error{"no temporary folder"};
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TempFolder::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream{path_ / name} << text;
}

std::string TempFolder::read(const std::string& name) const {
  return content_of(path_ / name);
}

namespace {

tools::ProviderProcess start_provider(const std::filesystem::path& log,
                                      const std::string& dialect,
                                      const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"--dialect", dialect, "--log",
                                     log.string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  auto started = tools::ProviderProcess::start(
    std::string{LAB_BIN_DIR} + "/fake_provider", arguments);
  if (!started)
    throw std::runtime_error{to_string(started.error())};
  return std::move(*started);
}

} // namespace

FakeProvider::FakeProvider(const std::filesystem::path& folder,
                           const std::string& dialect,
                           const std::vector<std::string>& options)
  : log_(unused_name(folder, ".bill")),
    process_(start_provider(log_, dialect, options)),
    base_url_("http://127.0.0.1:" + std::to_string(process_.port())
              + (dialect == "ollama" ? "" : "/v1")) {}

Bill FakeProvider::bill() const {
  Bill bill;
  std::ifstream in{log_};
  for (std::string line; std::getline(in, line);) {
    const auto entry = json::Value::parse(line);
    ++bill.requests;
    if (!entry.at("billed").get<bool>())
      continue;
    ++bill.billed;
    const auto& amount = entry.at("pico_usd");
    bill.pico_usd += amount.is_string() ? std::stoll(amount.get<std::string>())
                                        : amount.get<std::int64_t>();
  }
  return bill;
}

std::string scenario_lab() {
  return std::string{LAB_BIN_DIR} + "/scenario-lab";
}

std::map<std::string, std::string>
files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(folder))
    return files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{folder})
    if (entry.is_regular_file())
      files[std::filesystem::relative(entry.path(), folder).string()] =
        content_of(entry.path());
  return files;
}

} // namespace lab::testing
