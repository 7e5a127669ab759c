#include "openssl_module/errors.hpp"

#include <openssl/err.h>

namespace onlooker::openssl_module {

std::string last_error() {
    const char* words = ::ERR_reason_error_string(::ERR_peek_last_error());
    ::ERR_clear_error();
    return words ? words : "unknown error";
}

}  // namespace onlooker::openssl_module
