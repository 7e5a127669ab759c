// The module's table; in it the members of openssl_module.hpp are filled in.
#pragma once

#include "openssl_module/certificate.hpp"
#include "openssl_module/digests.hpp"
#include "openssl_module/openssl_module.hpp"
#include "openssl_module/self_signed.hpp"

namespace onlooker::openssl_module {

inline constexpr Table own_table{openssl_interface,
                                 &load_certificate,
                                 &make_self_signed,
                                 &facts_of,
                                 &sha256,
                                 &hmac_sha256,
                                 &equal,
                                 &base64,
                                 &base64_decoded};

}  // namespace onlooker::openssl_module
