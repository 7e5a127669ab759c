// What stands in for tls_client.cpp in a build without TLS.
#include <stdexcept>

#include "tls_client.hpp"

struct ssl_st {};

namespace onlooker::bench {

TlsClient::TlsClient(int) : ssl_(nullptr, [](ssl_st*) {}) {
    throw std::runtime_error("--tls: this bench was built without TLS");
}

long TlsClient::read(std::span<std::byte>) {
    return -2;
}

long TlsClient::write(std::span<const std::byte>) {
    return -2;
}

}  // namespace onlooker::bench
