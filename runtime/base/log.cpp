#include "runtime/base/log.hpp"

#include <memory>
#include <mutex>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include "runtime/base/text.hpp"

namespace lab {

namespace {

// Logging is the one process-wide service: a failed check deep in a pure class
// must be able to speak without a logger handed down to it.
std::mutex guard;
std::shared_ptr<spdlog::logger> sink;

std::shared_ptr<spdlog::logger> current() {
  std::lock_guard lock{guard};
  return sink;
}

spdlog::level::level_enum native(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return spdlog::level::debug;
  case LogLevel::info:
    return spdlog::level::info;
  case LogLevel::warning:
    return spdlog::level::warn;
  case LogLevel::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

} // namespace

Result<void> start_log(const std::string& path, LogLevel level) {
  constexpr std::size_t bytes_max = std::size_t{64} << 20;
  try {
    auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
      path, bytes_max, 2);
    auto logger = std::make_shared<spdlog::logger>("lab", file);
    logger->set_level(native(level));
    // %v is a JSON fragment that `log` has already escaped.
    logger->set_pattern(R"({"ts":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
    logger->flush_on(spdlog::level::err);
    std::lock_guard lock{guard};
    sink = std::move(logger);
    return {};
  } catch (const spdlog::spdlog_ex& e) {
    return fail(Errc::disk_failed, path + ": " + e.what());
  }
}

void stop_log() {
  flush_log();
  std::lock_guard lock{guard};
  sink.reset();
}

void flush_log() {
  if (auto logger = current())
    logger->flush();
}

void log(LogLevel level, std::string_view event, LogFields fields) {
  auto logger = current();
  if (!logger || !logger->should_log(native(level)))
    return;
  std::string line = "\"event\":" + json_quote(event);
  for (const auto& [key, value] : fields)
    line += "," + json_quote(key) + ":" + json_quote(value);
  logger->log(native(level), "{}", line);
}

} // namespace lab
