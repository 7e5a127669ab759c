// What stands in for tls_context.cpp in a build without TLS.
#include <stdexcept>

#include "http/wire/tls_context.hpp"

namespace onlooker::http {

std::unique_ptr<TlsContext> TlsContext::load(const std::string&, const std::string&) {
    throw std::runtime_error(
        "this onlooker was built without HTTPS; take one built with the meson option "
        "-Dtls=enabled, or leave the certificate away and put a proxy in front");
}

}  // namespace onlooker::http
