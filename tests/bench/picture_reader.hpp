// Reads one viewer's stream as cheaply as can be: the octets around each stamp for real, the rest
// of the picture discarded in the kernel. Two calls of recv() per picture that has arrived whole.
//
// It knows nothing of HTTP: the stamp tells where a picture begins and how long it is, so it reads
// any server's parts, with or without lengths, chunked or not. A server that encodes the pictures
// anew takes the stamp away; then a part's Content-Length tells where its picture ends, and the
// only things that are known of it are its place in this viewer's row and its length.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "pictures.hpp"
#include "tls_client.hpp"

namespace onlooker::bench {

class PictureReader {
  public:
    enum class Outcome { picture, wait, closed };

    explicit PictureReader(bool stamped = true) noexcept : stamped_(stamped) {}

    // Reads until a picture has arrived whole (its stamp is in stamp()), or there is nothing more
    // at present, or the server has closed.
    // Over TLS, if there is any, the whole picture is decrypted.
    Outcome read(int socket, TlsClient* tls = nullptr);

    const Stamp& stamp() const noexcept { return stamp_; }
    std::size_t octets() const noexcept { return octets_; }  // since the beginning

  private:
    long receive(int socket, TlsClient* tls, std::span<std::byte> place) const;
    bool look_for_picture();
    bool begin_picture(std::size_t offset);
    std::optional<std::size_t> find_part();

    std::array<std::byte, 640> buffer_{};  // room for one part's header and the stamp
    std::size_t filled_ = 0;
    std::size_t rest_ = 0;  // of the picture under way, octets
    bool inside_ = false;
    bool stamped_ = true;
    Stamp stamp_;
    std::size_t octets_ = 0;
};

}  // namespace onlooker::bench
