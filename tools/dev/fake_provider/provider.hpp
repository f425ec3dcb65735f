#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "tools/dev/fake_provider/billing.hpp"
#include "tools/dev/fake_provider/dialect.hpp"
#include "tools/dev/fake_provider/faults.hpp"
#include "tools/dev/fake_provider/shape.hpp"

namespace lab::tools::fake {

/// What becomes of the connection when the bytes are out.
enum class After : std::uint8_t {
  keep,          // the next request may come
  close,         // an orderly end
  reset,         // RST
  close_on_next, // kept until the next request arrives, then closed
  silence,       // nothing more is sent; the client has to give up
};

/// What a request gets.
struct Answer {
  std::string bytes;
  After after = After::keep;
  std::int64_t latency_us = 0;
  /// From this byte on, one byte at a time.
  std::size_t trickle_from = std::string::npos;
  std::int64_t trickle_ms = 0;
  /// So many blanks follow `bytes`, made as they are sent.
  std::uint64_t filler_bytes = 0;
  LogEntry entry; // goes to the log before the first byte is sent
};

/// Decides what every request gets; knows no socket and no clock. Equal
/// requests get equal texts.
class Provider {
public:
  Provider(Options options, FaultScript script);

  Answer answer(const Received& request);

private:
  struct Draft;

  Answer refused(const Received& request, const Refusal& why) const;
  /// @param swapped  another model's words
  tl::expected<Draft, Refusal> draft(const Received& request, bool swapped);
  /// Ollama's list of models, with digests.
  Answer model_list(const Received& request, bool swapped) const;
  Result<const Shape*> shape_of(const std::string& schema);
  Answer send(const Draft& draft) const;
  Answer send_status(const Fault& fault, Answer answer) const;
  Answer send_faulty(const Fault& fault, Draft draft) const;
  static void spoil_content(const Fault& fault, Draft& draft);
  void spoil_usage(const Fault& fault, Draft& draft) const;

  Options options_;
  FaultScript script_;
  std::unordered_map<std::string, Shape> shapes_; // by schema text
};

} // namespace lab::tools::fake
