#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tools/dev/provider_process.hpp"

// Real programs under test: started, killed and read as a user would.

namespace lab::testing {

/// How a program ended.
struct Ended {
  int status = -1; // exit status; -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

using Variables = std::map<std::string, std::string>;

/// A program that runs until it ends or is killed; the destructor kills it.
class Process {
public:
  /// Starts `command` in `folder`, output going to files there.
  Process(const std::vector<std::string>& command,
          const std::filesystem::path& folder, const Variables& variables = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) const;
  /// Waits for the end, at most `limit`; a program that does not end is killed
  /// and counts as ended by SIGKILL.
  Ended wait(std::chrono::milliseconds limit = std::chrono::minutes{2});
  bool running();
  /// What it has written to stdout so far.
  std::string out() const;
  std::string err() const;
  int pid() const { return pid_; }

private:
  bool reap(bool block);

  int pid_ = -1;
  int wait_status_ = 0;
  bool ended_ = false;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

/// An empty folder that is removed with the value.
class TempFolder {
public:
  enum class On { disk, memory }; // memory: syncing costs nothing
  explicit TempFolder(On where = On::disk);
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;

private:
  std::filesystem::path path_;
};

/// What `fake_provider` wrote into its own, synced billing log.
struct Bill {
  std::int64_t pico_usd = 0;
  std::int64_t billed = 0;
  std::int64_t requests = 0;
};

/// A running `fake_provider` with its bill, stopped with the value.
class FakeProvider {
public:
  FakeProvider(const std::filesystem::path& folder, const std::string& dialect,
               const std::vector<std::string>& options = {});

  const std::string& base_url() const { return base_url_; }
  Bill bill() const;

private:
  std::filesystem::path log_;
  tools::ProviderProcess process_;
  std::string base_url_;
};

/// The program under test.
std::string scenario_lab();

/// Every file below `folder` by relative name, with its content.
std::map<std::string, std::string>
files_in(const std::filesystem::path& folder);

} // namespace lab::testing
