#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "runtime/base/error.hpp"

namespace lab::bench {

/// A fake provider in a process of its own, ended with this object. It is the
/// program beside the benchmark's own.
class ProviderProcess {
public:
  /// @param arguments  of fake_provider, without its name
  /// @errors provider_unreachable: it did not start
  static Result<ProviderProcess> start(std::vector<std::string> arguments);
  ProviderProcess(ProviderProcess&& other) noexcept;
  ProviderProcess& operator=(ProviderProcess&&) = delete;
  ~ProviderProcess();

  std::uint16_t port() const { return port_; }

private:
  ProviderProcess(pid_t pid, std::uint16_t port) : pid_(pid), port_(port) {}

  pid_t pid_;
  std::uint16_t port_;
};

} // namespace lab::bench
