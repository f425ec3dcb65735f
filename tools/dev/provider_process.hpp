#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "runtime/base/error.hpp"

namespace lab::tools {

/// A fake provider in a process of its own, ended with this object. For tests
/// and benchmarks.
class ProviderProcess {
public:
  /// @param program    path of fake_provider
  /// @param arguments  its options; see tools/dev/README.md
  /// @errors provider_unreachable: it did not start
  static Result<ProviderProcess> start(const std::string& program,
                                       std::vector<std::string> arguments);
  ProviderProcess(ProviderProcess&& other) noexcept;
  ProviderProcess& operator=(ProviderProcess&&) = delete;
  ~ProviderProcess();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; } // to stop, to kill

private:
  ProviderProcess(pid_t pid, std::uint16_t port) : pid_(pid), port_(port) {}

  pid_t pid_;
  std::uint16_t port_;
};

} // namespace lab::tools
