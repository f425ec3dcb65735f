#include "tests/unit/llm_http/scripted_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/check.hpp"

namespace lab::llm::testing {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A bound socket and its port.
std::pair<int, std::uint16_t> bound_socket() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  LAB_CHECK(::bind(socket, raw, size) == 0, "bind");
  LAB_CHECK(::getsockname(socket, raw, &size) == 0, "getsockname");
  return {socket, ntohs(address.sin_port)};
}

} // namespace

Peer::~Peer() { close(); }

std::string Peer::read_some(std::size_t bytes) {
  std::string data(bytes, '\0');
  const auto got = ::recv(socket_, data.data(), data.size(), 0);
  data.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return data;
}

std::string Peer::read_request() {
  constexpr std::string_view length_name = "Content-Length: ";
  std::string data;
  for (;;) {
    const auto head = data.find("\r\n\r\n");
    const auto length = data.find(length_name);
    if (head != std::string::npos) {
      const auto body =
        length == std::string::npos
          ? 0
          : std::strtoull(data.c_str() + length + length_name.size(), nullptr,
                          10);
      if (data.size() >= head + 4 + body)
        return data;
    }
    const auto more = read_some(std::size_t{64} << 10);
    if (more.empty())
      return {};
    data += more;
  }
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void Peer::wait_closed() {
  while (!read_some(4096).empty()) {
  }
}

void Peer::stop_reading() {
  pollfd ended{socket_, 0, 0}; // hang-up and error are always told
  ::poll(&ended, 1, -1);
}

void Peer::close() {
  std::lock_guard lock{guard_};
  if (socket_ >= 0)
    ::close(socket_);
  socket_ = -1;
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void Peer::interrupt() {
  std::lock_guard lock{guard_};
  if (socket_ >= 0)
    ::shutdown(socket_, SHUT_RDWR);
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts,
                               int receive_buffer_bytes)
  : scripts_(std::move(scripts)) {
  std::tie(listener_, port_) = bound_socket();
  if (receive_buffer_bytes > 0)
    ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                 sizeof receive_buffer_bytes);
  LAB_CHECK(::listen(listener_, 128) == 0, "listen");
  acceptor_ = std::thread{[this] { accept_all(); }};
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (const auto& peer : peers_)
    peer->interrupt();
  for (auto& thread : threads_)
    thread.join();
  ::close(listener_);
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0)
      return;
    const auto n = static_cast<std::size_t>(connections_++);
    auto& peer = *peers_.emplace_back(std::make_unique<Peer>(socket));
    threads_.emplace_back(
      [&peer, script = scripts_[std::min(n, scripts_.size() - 1)]] {
        script(peer);
        peer.close();
      });
  }
}

std::uint16_t free_port() {
  const auto [socket, port] = bound_socket();
  ::close(socket);
  return port;
}

std::string response(int status, std::string_view body,
                     std::string_view headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\n"
         + std::string{headers} + "Content-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

} // namespace lab::llm::testing
