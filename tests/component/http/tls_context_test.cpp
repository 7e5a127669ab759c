#include "http/wire/tls_context.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "component/http/tls_files.hpp"
#include "support/logged.hpp"

using namespace onlooker::http;
using onlooker::http::test::TlsFiles;
using onlooker::test::Logged;

namespace {

std::string message_of(const std::string& certificate, const std::string& key) {
    try {
        TlsContext::load(certificate, key);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("TLS files") {
    TEST_CASE("a pair that fits is taken") {
        const TlsFiles files;
        const Logged log;
        CHECK(message_of(files.certificate(), files.key()).empty());
        CHECK(log.lines().empty());
    }

    TEST_CASE("what is wrong is said with the name of the file") {
        const TlsFiles files;
        const std::string missing = message_of("/nowhere/c.pem", files.key());
        CHECK(contains(missing, "certificate /nowhere/c.pem: No such file"));
        CHECK(contains(message_of(files.certificate(), "/nowhere/k.pem"), "/nowhere/k.pem"));
        CHECK(contains(message_of(files.key(), files.key()), "certificate " + files.key()));
        CHECK(contains(message_of(files.certificate(), files.other_key()), "does not belong"));
        CHECK(
            contains(message_of(files.certificate(), files.certificate()), "without a passphrase"));
        CHECK(contains(message_of(files.certificate(), files.with_passphrase()), "passphrase"));
    }

    TEST_CASE("a pair that has expired is refused, with the day on which it did") {
        const TlsFiles files;
        files.renew(-std::chrono::hours(24));
        const std::string words = message_of(files.certificate(), files.key());
        CHECK(contains(words, files.certificate() + " expired on 20"));
        CHECK(contains(words, "set the clock"));
    }

    TEST_CASE("a key that every user can read is warned of") {
        const TlsFiles files;
        ::chmod(files.key().c_str(), 0644);
        const Logged log;
        CHECK(message_of(files.certificate(), files.key()).empty());
        CHECK(log.count("every user of this machine can read the TLS key") == 1);
    }
}
