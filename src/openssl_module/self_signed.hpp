// Makes a certificate of our own, and reads what is in one.
//
// Pure functions but for the key, which is random; any thread. What they do is said in
// openssl_module.hpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "openssl_module/openssl_module.hpp"

struct x509_st;

namespace onlooker::openssl_module {

std::string make_self_signed(const std::string& names, std::chrono::sys_seconds now);
std::optional<CertificateFacts> facts_of(const std::string& pem);

// The Unix epoch where there is none.
std::chrono::sys_seconds end_of(const x509_st* certificate);

}  // namespace onlooker::openssl_module
