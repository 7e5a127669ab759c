// A certificate and its key, for all TLS connections of a server.
//
// What it is made of is in openssl_module/, in a module that is opened with the first load(). A
// build without TLS has tls_fallback.cpp in place of tls_context.cpp, whose load() says so.
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
