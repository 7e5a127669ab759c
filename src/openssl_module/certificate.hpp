// The settings of TLS with a certificate and its key, in OpenSSL: TLS 1.2 and 1.3, only ciphers
// with forward secrecy that authenticate what they encrypt, the one first that this machine is
// fastest at; no compression, no renegotiation. Sessions are resumed out of a cache of limited size
// and age. Tickets would need no memory, but a key that opens them all, which OpenSSL keeps as long
// as the process lives: whoever gets it reads what was recorded over TLS 1.2.
//
// Owner and thread: as http::TlsCertificate says.
#pragma once

#include <memory>
#include <string>

#include "http/wire/tls_session.hpp"

namespace onlooker::openssl_module {

// As Table::load_certificate says.
std::unique_ptr<http::TlsCertificate> load_certificate(const std::string& certificate,
                                                       const std::string& key);

}  // namespace onlooker::openssl_module
