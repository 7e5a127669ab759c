// The certificates of ca=FILE as pins: a server that shows the very one is the server meant,
// whatever name and dates stand in it.
//
// Cameras sign their own certificate, for "IPCamera" or for the address they had in the factory.
// Somebody who gives that certificate has said more than any authority could. A certificate that
// merely was issued by one in the file is not pinned: its name is checked by libcurl as always.
// Used on the capture thread; none of this throws.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace onlooker::drivers {

class PinnedCertificates {
  public:
    // Whether libcurl here was built with the library that install() needs.
    static bool supported() noexcept;

    // Those that can be read; none is no error here, for libcurl tells it.
    explicit PinnedCertificates(const std::string& pem_file);

    // Makes a libssl context (SSL_CTX*) trust these and no others. It must not outlive this.
    void install(void* ssl_context) const noexcept;

    bool contains(const X509* certificate) const noexcept;

  private:
    struct Deleter {
        void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    };

    std::vector<std::unique_ptr<X509, Deleter>> certificates_;
};

}  // namespace onlooker::drivers
