#pragma once

#include "tools/dev/fake_provider/billing.hpp"
#include "tools/dev/fake_provider/provider.hpp"

namespace lab::tools::fake {

/// Listens on 127.0.0.1, prints "port N" on stdout and serves until SIGTERM or
/// SIGINT, or until `options.max_requests` answers are out. One thread.
/// @errors provider_unreachable: the port cannot be had; disk_failed: the
///         billing log cannot be written, so nothing more was answered
Result<void> serve(const Options& options, Provider provider, BillingLog log);

} // namespace lab::tools::fake
