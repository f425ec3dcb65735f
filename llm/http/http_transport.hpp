#pragma once

#include <memory>

#include "llm/http/asio_host.hpp"
#include "llm/price_book.hpp"
#include "llm/provider_settings.hpp"
#include "llm/transport.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/protocol/spend_permit.hpp"

namespace lab::llm {

/// What is refused of a response.
constexpr std::size_t response_bytes_max = std::size_t{8} << 20;
constexpr std::uint32_t header_bytes_max = 32U << 10;

/// Issues attempts to one provider over HTTP/1.1, on the Asio thread.
///
/// Connections are kept alive and checked before they are used again. One
/// deadline covers a call from the moment it is posted; what left this machine
/// by then decides what the ledger hears. TLS is always verified; redirects are
/// never followed; proxies are not asked. The key goes to the host and port of
/// `base_url` and nowhere else.
class HttpTransport final : public Transport {
public:
  /// @param host, permits  must outlive the transport
  /// @errors invalid_input: the base URL, or a `ca_file` that cannot be read
  static Result<std::unique_ptr<HttpTransport>>
  open(AsioHost& host, const ProviderSettings& provider,
       std::shared_ptr<const PriceBook> prices, PermitRegister& permits,
       std::shared_ptr<const Clock> clock);

  /// Cuts what is on the wire; those calls' `done` is not called.
  ~HttpTransport() override;

  void post(const SpendPermit& permit, const ChatRequest& request,
            std::function<void(CallOutcome)> done) override;
  void abort(AttemptId attempt) override;
  void look(std::function<void(bool reached)> done) override;
  void identify(const std::string& wire_model,
                std::function<void(Result<std::string>)> done) override;

private:
  struct State;
  explicit HttpTransport(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

} // namespace lab::llm
