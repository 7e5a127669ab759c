// What stands in for tls_context.cpp and self_signed.cpp in a build without TLS.
#include <stdexcept>

#include "http/wire/self_signed.hpp"
#include "http/wire/tls_context.hpp"

namespace onlooker::http {

namespace {

[[noreturn]] void refuse() {
    throw std::runtime_error(
        "this onlooker was built without HTTPS; take one built with the meson option "
        "-Dtls=enabled, or leave the certificate away and put a proxy in front");
}

}  // namespace

std::unique_ptr<TlsContext> TlsContext::load(const std::string&, const std::string&) {
    refuse();
}

SelfSigned keep_self_signed(const std::filesystem::path&, const std::vector<std::string>&,
                            std::chrono::sys_seconds) {
    refuse();
}

}  // namespace onlooker::http
