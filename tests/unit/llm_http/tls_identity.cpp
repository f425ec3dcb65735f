#include "tests/unit/llm_http/tls_identity.hpp"

#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "runtime/base/check.hpp"

namespace lab::llm::testing {

namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freer<SSL_free>>;

template <class Write>
std::string pem_of(Write write) {
  const Memory memory{BIO_new(BIO_s_mem())};
  LAB_CHECK(write(memory.get()) == 1, "PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>> extension{
    X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
  LAB_CHECK(extension != nullptr, value);
  X509_add_ext(certificate, extension.get(), -1);
}

} // namespace

TlsIdentity make_identity(const std::string& host, int days_valid) {
  constexpr long day = 24L * 60 * 60;
  const Key key{EVP_EC_gen("P-256")};
  const Certificate certificate{X509_new()};
  auto* x509 = certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -10 * day);
  X509_gmtime_adj(X509_getm_notAfter(x509), days_valid * day);
  auto* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(
    name, "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, key.get());
  add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, NID_subject_alt_name, "DNS:" + host);
  LAB_CHECK(X509_sign(x509, key.get(), EVP_sha256()) > 0, "sign");
  return {pem_of([&](BIO* out) { return PEM_write_bio_X509(out, x509); }),
          pem_of([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr);
          })};
}

std::string serve_tls(Peer& peer, const TlsIdentity& identity,
                      std::string_view answer, int newest) {
  const Memory certificate_pem{
    BIO_new_mem_buf(identity.certificate_pem.data(),
                    static_cast<int>(identity.certificate_pem.size()))};
  const Memory key_pem{BIO_new_mem_buf(
    identity.key_pem.data(), static_cast<int>(identity.key_pem.size()))};
  const Certificate certificate{
    PEM_read_bio_X509(certificate_pem.get(), nullptr, nullptr, nullptr)};
  const Key key{
    PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr)};
  const Context context{SSL_CTX_new(TLS_server_method())};
  // Level 0 is what old servers do; the client must refuse by itself.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), newest);
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  const Session session{SSL_new(context.get())};
  SSL_set_fd(session.get(), peer.socket());
  if (SSL_accept(session.get()) != 1)
    return {};
  std::string request;
  char bytes[16'384];
  while (request.find("\r\n\r\n{") == std::string::npos
         || !request.ends_with('}')) {
    const int got = SSL_read(session.get(), bytes, sizeof bytes);
    if (got <= 0)
      return request;
    request.append(bytes, static_cast<std::size_t>(got));
  }
  SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
  peer.wait_closed();
  return request;
}

} // namespace lab::llm::testing
