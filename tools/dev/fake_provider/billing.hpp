#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"
#include "tools/dev/fake_provider/options.hpp"

namespace lab::tools::fake {

/// This server's own way of counting: a third of the bytes, rounded up.
std::int64_t tokens_of(std::string_view text);

/// Every message with 4 tokens on top, the schema, and 3 for the request.
std::int64_t input_tokens_of(const std::vector<std::string>& texts,
                             std::string_view schema);

std::int64_t pico_usd_of(const Prices& prices, std::int64_t input,
                         std::int64_t output);

/// What the log says of one request. docs: tools/dev/README.md.
struct LogEntry {
  std::uint64_t index = 0;
  std::int64_t at_ms = 0; // when the request had arrived
  bool billed = false;
  std::string outcome; // "ok", a fault's name, "refused", "shutdown", …
  int status = 0;      // 0: no status line was sent
  std::string model;
  std::int64_t input_tokens = 0; // as billed
  std::int64_t output_tokens = 0;
  std::int64_t pico_usd = 0;
  std::uint64_t request = 0; // hash of the body: equal requests are equal
  std::string detail;        // why it was refused
};

/// One line of JSON, newline included.
std::string to_line(const LogEntry& entry);

/// The witness: what is in this file was billed, whatever happens next.
class BillingLog {
public:
  /// Opens for appending. Without a path nothing is kept.
  /// @errors disk_failed
  static Result<BillingLog> open(const std::string& path, Fsync fsync);
  BillingLog(BillingLog&& other) noexcept;
  BillingLog& operator=(BillingLog&&) = delete;
  ~BillingLog();

  void append(const LogEntry& entry);
  /// Puts everything appended on the disk (as far as `fsync` asks for it).
  /// @errors disk_failed: replies must not be sent
  Result<void> flush();

private:
  BillingLog(int file, Fsync fsync) : file_(file), fsync_(fsync) {}

  int file_;
  Fsync fsync_;
  std::string lines_;
};

} // namespace lab::tools::fake
