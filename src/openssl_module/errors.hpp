// OpenSSL's own words.
#pragma once

#include <string>

namespace onlooker::openssl_module {

// Of the last error, without what it is of no use to know here; and forgets it.
std::string last_error();

}  // namespace onlooker::openssl_module
