#include "llm/http/http_transport.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "llm/dialects/dialect.hpp"
#include "llm/http/connection.hpp"

namespace lab::llm {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

/// For a list that a server has at hand.
constexpr std::chrono::seconds identify_timeout{15};

} // namespace

/// Shared with the callbacks of what is on the wire, which do nothing once the
/// transport is gone.
struct HttpTransport::State : std::enable_shared_from_this<State> {
  State(AsioHost& asio_host, std::shared_ptr<Site> server,
        const ProviderSettings& settings,
        std::shared_ptr<const PriceBook> price_book,
        PermitRegister& permit_register, std::shared_ptr<const Clock> wall)
    : host(asio_host), site(std::move(server)), provider(settings),
      prices(std::move(price_book)), permits(permit_register),
      clock(std::move(wall)) {}

  struct OnWire {
    std::shared_ptr<Connection> connection;
    Asked asked;
    std::function<void(CallOutcome)> done;
  };

  void post(const SpendPermit& permit, const ChatRequest& request,
            std::function<void(CallOutcome)> done);
  void on_ended(AttemptId attempt, const Exchange& exchange);
  void identify(const std::string& wire_model,
                std::function<void(Result<std::string>)> done);
  Result<HttpRequest> message_of(WireRequest wire, http::verb verb) const;
  std::shared_ptr<Connection> take_connection();
  void put_back(std::shared_ptr<Connection> connection);
  void sweep();

  AsioHost& host;
  std::shared_ptr<Site> site;
  ProviderSettings provider;
  std::shared_ptr<const PriceBook> prices;
  PermitRegister& permits;
  std::shared_ptr<const Clock> clock;
  std::unordered_map<AttemptId, OnWire> on_wire;
  std::vector<std::shared_ptr<Connection>> idle; // last used last
  bool sweeping = false;
};

void HttpTransport::State::post(const SpendPermit& permit,
                                const ChatRequest& request,
                                std::function<void(CallOutcome)> done) {
  const auto give_up = [&](std::string_view why, Error error) {
    asio::post(site->io(), [done = std::move(done),
                            outcome = never_sent(why, std::move(error))] {
      done(outcome);
    });
  };
  const auto route = prices->route(request.model);
  if (!route)
    return give_up(reason::not_sendable, route.error());
  if (auto missing = missing_key(provider))
    return give_up(reason::not_sendable, std::move(*missing));
  auto wire = encode(provider, route->wire_model, request);
  if (!wire)
    return give_up(reason::not_sendable, wire.error());
  auto message = message_of(std::move(*wire), http::verb::post);
  if (!message)
    return give_up(reason::not_sendable, message.error());
  // The last thing before the socket: from here on the attempt may cost money.
  if (const auto redeemed = permits.redeem(permit); !redeemed)
    return give_up(reason::permit_refused, redeemed.error());

  auto asked = asked_of(provider, route->wire_model, route->price, request,
                        clock->now_ms());
  asked.price_of_served = [book = prices,
                           name = provider.name](const std::string& served) {
    return book->row(name, served);
  };
  const auto connection = take_connection();
  const auto attempt = permit.attempt();
  on_wire.emplace(attempt,
                  OnWire{connection, std::move(asked), std::move(done)});
  connection->run(
    std::move(*message),
    std::chrono::steady_clock::now() + provider.call_timeout,
    [state = weak_from_this(), attempt](const Exchange& exchange) {
      if (const auto self = state.lock())
        self->on_ended(attempt, exchange);
    });
}

void HttpTransport::State::on_ended(AttemptId attempt,
                                    const Exchange& exchange) {
  auto call = on_wire.extract(attempt);
  if (!call)
    return; // the transport is on its way out
  put_back(std::move(call.mapped().connection));
  call.mapped().done(outcome_of(exchange, call.mapped().asked));
}

void HttpTransport::State::identify(
  const std::string& wire_model,
  std::function<void(Result<std::string>)> done) {
  auto wire = encode_model_list(provider);
  if (!wire)
    return done(std::string{});
  auto message = message_of(std::move(*wire), http::verb::get);
  if (!message)
    return done(tl::unexpected(message.error()));
  // Alone on a connection of its own: it takes no place from calls.
  const auto connection = std::make_shared<Connection>(site);
  connection->run(
    std::move(*message), std::chrono::steady_clock::now() + identify_timeout,
    [connection, wire_model, done = std::move(done),
     name = provider.name](const Exchange& exchange) {
      connection->close();
      constexpr int ok = 200;
      if (exchange.end != Exchange::End::complete || exchange.status != ok)
        return done(fail(Errc::provider_unreachable,
                         name + " does not list its models: "
                           + (exchange.status != 0
                                ? "status " + std::to_string(exchange.status)
                                : exchange.detail)));
      done(model_digest_in(exchange.body, wire_model));
    });
}

Result<HttpRequest> HttpTransport::State::message_of(WireRequest wire,
                                                     http::verb verb) const {
  HttpRequest message{verb, wire.target, 11};
  try {
    for (const auto& [name, value] : wire.headers)
      message.set(name, value);
    message.set(http::field::host, site->url().authority());
    message.set(http::field::user_agent, "scenario-lab/" LAB_VERSION);
    // A compressed reply could be a bomb; none is asked for, none unpacked.
    message.set(http::field::accept_encoding, "identity");
  } catch (const std::exception& e) {
    return fail(Errc::invalid_input, std::string{"header: "} + e.what());
  }
  message.body() = std::move(wire.body);
  message.prepare_payload();
  return message;
}

std::shared_ptr<Connection> HttpTransport::State::take_connection() {
  const auto now = std::chrono::steady_clock::now();
  while (!idle.empty()) {
    auto connection = std::move(idle.back());
    idle.pop_back();
    if (!connection->stale(now))
      return connection;
    connection->close();
  }
  return std::make_shared<Connection>(site);
}

void HttpTransport::State::put_back(std::shared_ptr<Connection> connection) {
  if (!connection->reusable())
    return;
  if (std::ssize(idle) >= provider.max_in_flight) {
    connection->close();
    return;
  }
  idle.push_back(std::move(connection));
  if (!std::exchange(sweeping, true))
    host.timer().after(site->idle_close(), [state = weak_from_this()] {
      if (const auto self = state.lock())
        self->sweep();
    });
}

void HttpTransport::State::sweep() {
  sweeping = false;
  const auto now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Connection>> kept;
  for (auto& connection : std::exchange(idle, {}))
    if (connection->stale(now))
      connection->close();
    else
      kept.push_back(std::move(connection));
  for (auto& connection : kept)
    put_back(std::move(connection));
}

Result<std::unique_ptr<HttpTransport>>
HttpTransport::open(AsioHost& host, const ProviderSettings& provider,
                    std::shared_ptr<const PriceBook> prices,
                    PermitRegister& permits,
                    std::shared_ptr<const Clock> clock) {
  LAB_TRY(auto site, Site::open(host.context(), provider));
  return std::unique_ptr<HttpTransport>{new HttpTransport(
    std::make_shared<State>(host, std::move(site), provider, std::move(prices),
                            permits, std::move(clock)))};
}

HttpTransport::HttpTransport(std::shared_ptr<State> state)
  : state_(std::move(state)) {}

HttpTransport::~HttpTransport() {
  for (const auto& connection : std::exchange(state_->idle, {}))
    connection->close();
  for (const auto& [attempt, call] : std::exchange(state_->on_wire, {}))
    call.connection->abort();
  state_->site->close();
}

void HttpTransport::post(const SpendPermit& permit, const ChatRequest& request,
                         std::function<void(CallOutcome)> done) {
  state_->post(permit, request, std::move(done));
}

void HttpTransport::abort(AttemptId attempt) {
  const auto call = state_->on_wire.find(attempt);
  if (call == state_->on_wire.end())
    return;
  // Keeps it alive: a call that still resolves its host ends at once.
  const auto connection = call->second.connection;
  connection->abort();
}

void HttpTransport::identify(const std::string& wire_model,
                             std::function<void(Result<std::string>)> done) {
  state_->identify(wire_model, std::move(done));
}

void HttpTransport::look(std::function<void(bool reached)> done) {
  std::make_shared<Connection>(state_->site)->look(std::move(done));
}

} // namespace lab::llm
