// A certificate that a server makes for itself, so that HTTPS takes nobody else: key and
// certificate, P-256, in one PEM file that only its owner may read.
//
// It is made once and kept, since whoever has told a browser to believe it has to do so again for
// every new one; one that has expired is replaced.
//
// Thread: any. Errors: std::runtime_error with words for the user. In a build without TLS it
// always throws.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace onlooker::http {

struct SelfSigned {
    std::string fingerprint;  // SHA-256, as browsers show it: "4F:0A:..."
    bool is_new = false;
};

// The pair in `file`, which is made if it is missing or has expired at `now`. `names`: host names
// and addresses that it is for; what can be neither is left out.
SelfSigned keep_self_signed(const std::filesystem::path& file,
                            const std::vector<std::string>& names, std::chrono::sys_seconds now);

}  // namespace onlooker::http
