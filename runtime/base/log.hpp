#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.hpp"

namespace lab {

enum class LogLevel { debug, info, warning, error };

/// One key and its value; the value is escaped when written.
using LogField = std::pair<std::string_view, std::string>;
using LogFields = std::initializer_list<LogField>;

/// Sends JSON lines to `path`, rotated at 64 MiB, two old files kept. Until
/// this is called, and after `stop_log`, log calls do nothing.
/// @errors disk_failed
Result<void> start_log(const std::string& path, LogLevel level);
void stop_log();
void flush_log();

/// One JSON line: `{"ts":…,"level":…,"event":…,<fields>}`. Events are named
/// ("call-settled"); prompts, replies and keys never go here.
void log(LogLevel level, std::string_view event, LogFields fields = {});

inline void log_debug(std::string_view event, LogFields fields = {}) {
  log(LogLevel::debug, event, fields);
}
inline void log_info(std::string_view event, LogFields fields = {}) {
  log(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, LogFields fields = {}) {
  log(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, LogFields fields = {}) {
  log(LogLevel::error, event, fields);
}

} // namespace lab
