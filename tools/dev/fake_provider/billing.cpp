#include "tools/dev/fake_provider/billing.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "runtime/base/text.hpp"

namespace lab::tools::fake {

namespace {

constexpr int no_file = -1;

tl::unexpected<Error> disk_failure(const std::string& what) {
  return fail(Errc::disk_failed, what + ": " + std::strerror(errno));
}

} // namespace

std::int64_t tokens_of(std::string_view text) {
  return static_cast<std::int64_t>((text.size() + 2) / 3);
}

std::int64_t input_tokens_of(const std::vector<std::string>& texts,
                             std::string_view schema) {
  std::int64_t tokens = 3 + tokens_of(schema);
  for (const auto& text : texts)
    tokens += 4 + tokens_of(text);
  return tokens;
}

std::int64_t pico_usd_of(const Prices& prices, std::int64_t input,
                         std::int64_t output) {
  return prices.input * input + prices.output * output;
}

std::string to_line(const LogEntry& entry) {
  char request[17];
  std::snprintf(request, sizeof request, "%016llx",
                static_cast<unsigned long long>(entry.request));
  std::string line =
    R"({"index":)" + std::to_string(entry.index) + R"(,"at_ms":)"
    + std::to_string(entry.at_ms) + R"(,"billed":)"
    + (entry.billed ? "true" : "false") + R"(,"outcome":)"
    + json_quote(entry.outcome) + R"(,"status":)" + std::to_string(entry.status)
    + R"(,"model":)" + json_quote(entry.model) + R"(,"input_tokens":)"
    + std::to_string(entry.input_tokens) + R"(,"output_tokens":)"
    + std::to_string(entry.output_tokens) + R"(,"pico_usd":)"
    + std::to_string(entry.pico_usd) + R"(,"request":")" + request + '"';
  if (!entry.detail.empty())
    line += R"(,"detail":)" + json_quote(entry.detail);
  return line + "}\n";
}

Result<BillingLog> BillingLog::open(const std::string& path, Fsync fsync) {
  if (path.empty())
    return BillingLog{no_file, fsync};
  const int file =
    ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0)
    return disk_failure(path);
  return BillingLog{file, fsync};
}

BillingLog::BillingLog(BillingLog&& other) noexcept
  : file_(std::exchange(other.file_, no_file)), fsync_(other.fsync_),
    lines_(std::move(other.lines_)) {}

BillingLog::~BillingLog() {
  if (file_ != no_file)
    ::close(file_);
}

void BillingLog::append(const LogEntry& entry) {
  if (file_ != no_file)
    lines_ += to_line(entry);
}

Result<void> BillingLog::flush() {
  if (lines_.empty())
    return {};
  std::string_view rest = lines_;
  while (!rest.empty()) {
    const auto written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return disk_failure("billing log");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  lines_.clear();
  if (fsync_ == Fsync::group && ::fdatasync(file_) != 0)
    return disk_failure("billing log");
  return {};
}

} // namespace lab::tools::fake
