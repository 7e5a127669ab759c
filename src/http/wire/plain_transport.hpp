// TCP with nothing around it. Owner: its connection. Thread: the loop.
#pragma once

#include "http/wire/transport.hpp"

namespace onlooker::http {

class PlainTransport final : public Transport {
  public:
    explicit PlainTransport(TcpSocket socket) : Transport(std::move(socket)) {}

    IoResult try_read(std::span<std::byte> into) override;
    IoResult try_write(std::span<const ConstBytes> pieces) override;
    IoResult try_handshake() override;
    void shutdown() override;
    bool secure() const noexcept override { return false; }
};

}  // namespace onlooker::http
