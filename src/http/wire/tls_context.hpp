// A certificate and its key, for all TLS connections of a server.
//
// TLS 1.2 and 1.3, only ciphers with forward secrecy that authenticate what they encrypt, the one
// first that this machine is fastest at; no compression, no renegotiation. Sessions are resumed out
// of a cache of limited size and age. Tickets would need no memory, but a key that opens them all,
// which OpenSSL keeps as long as the process lives: whoever gets it reads what was recorded over
// TLS 1.2. A build without TLS has tls_fallback.cpp in place of tls_context.cpp, whose
// load() says so.
//
// Nothing of OpenSSL is touched before the first load().
//
// Owner: CertificateWatch. Thread: the loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/awaitable.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

class TlsContext {
  public:
    // Reads a certificate chain and the key of its first certificate, both PEM. Throws
    // std::runtime_error that says which file is wrong, how, and what to do. Warns in the log of a
    // key that others may read.
    static std::unique_ptr<TlsContext> load(const std::string& certificate, const std::string& key);

    virtual ~TlsContext() = default;

    // Reads both files again, for connections that are yet to come; those that are open keep what
    // they began with. Throws as load() does, and then nothing has changed.
    virtual void reload() = 0;

    // When the server's own certificate does.
    virtual std::chrono::sys_seconds expires() const = 0;

    // For the server's side of a connection. It must not outlive this object. Throws
    // std::bad_alloc.
    virtual std::unique_ptr<Transport> transport_over(TcpSocket socket) = 0;
};

}  // namespace onlooker::http
