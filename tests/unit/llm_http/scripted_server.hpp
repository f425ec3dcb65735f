#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lab::llm::testing {

/// One accepted connection, from the server's side. Blocking; every read ends
/// when the other side, or the test, goes away.
class Peer {
public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  int socket() const { return socket_; }
  /// Head and body of the next request; empty when there is none.
  std::string read_request();
  /// At most `bytes`; empty at the end.
  std::string read_some(std::size_t bytes);
  bool write(std::string_view bytes);
  /// Waits until the other side closes.
  void wait_closed();
  /// Waits for a reset, or the test's end, and reads nothing meanwhile.
  void stop_reading();
  /// An orderly end.
  void close();
  /// The other side sees "connection reset".
  void reset();
  /// Ends every wait above, from another thread.
  void interrupt();

private:
  std::mutex guard_; // of closing
  int socket_;
};

/// A server on a loopback port whose n-th connection does what the n-th script
/// says; the last script serves all further ones.
class ScriptedServer {
public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(std::vector<Script> scripts,
                          int receive_buffer_bytes = 0);
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

private:
  void accept_all();

  std::vector<Script> scripts_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  // Written by the acceptor until it has ended.
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A loopback port on which nobody listens.
std::uint16_t free_port();

/// A whole response with these headers ("Name: value\r\n" each) and a length.
std::string
response(int status, std::string_view body,
         std::string_view headers = "Content-Type: application/json\r\n");

} // namespace lab::llm::testing
