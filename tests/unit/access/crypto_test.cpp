#include "access/crypto.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "access/secret.hpp"

using namespace onlooker::access;

namespace {

std::vector<std::byte> octets(std::size_t count, unsigned char value) {
    return std::vector<std::byte>(count, std::byte(value));
}

}  // namespace

TEST_SUITE("crypto") {
    TEST_CASE("digests are those of FIPS 180-4 and RFC 4231") {
        CHECK(hex(sha256("abc")) ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        CHECK(hex(hmac_sha256(octets(20, 0x0b), "Hi There")) ==
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    TEST_CASE("digests are equal when all octets are") {
        Digest a = sha256("a");
        const Digest b = a;
        CHECK(equal(a, b));
        a.back() ^= std::byte{1};
        CHECK_FALSE(equal(a, b));
    }

    TEST_CASE("base64 is that of RFC 4648, section 10") {
        CHECK(base64_decoded("Zg==") == "f");
        CHECK(base64_decoded("Zm8=") == "fo");
        CHECK(base64_decoded("Zm9vYmFy") == "foobar");
        for (const char* wrong :
             {"", "=", "Zg=", "Zg", "Z===", "Zm9vYmFy\n", " Zm9", "Zm9-", "Z=g="})
            CHECK_FALSE(base64_decoded(wrong));
    }

    TEST_CASE("what is written for URLs is read again, and nothing else is") {
        const Digest drawn = random_octets();
        const std::string text = base64url(drawn);
        CHECK(text.size() == 43);
        CHECK(text.find_first_of("+/=") == std::string::npos);
        CHECK(base64url_decoded(text) == drawn);
        CHECK_FALSE(base64url_decoded(text.substr(1)));
        CHECK_FALSE(base64url_decoded(text + "A"));
        CHECK_FALSE(base64url_decoded(std::string(43, '+')));
        // Two bits of the last character say nothing.
        CHECK_FALSE(base64url_decoded(std::string(42, 'A') + "B"));
    }

    TEST_CASE("hexadecimal digits are lower case, and 64 of them") {
        const Digest digest = sha256("x");
        CHECK(hex_decoded(hex(digest)) == digest);
        CHECK_FALSE(hex_decoded(hex(digest).substr(1)));
        CHECK_FALSE(hex_decoded(std::string(64, 'A')));
        CHECK_FALSE(hex_decoded(std::string(64, 'g')));
    }

    TEST_CASE("random octets do not meet again") {
        CHECK(random_octets() != random_octets());
    }

    TEST_CASE("a secret is in one place") {
        Secret first(std::string("hush"));
        const Secret second = std::move(first);
        CHECK(second.view() == "hush");
        CHECK(first.view().empty());  // NOLINT(bugprone-use-after-move)
        std::string text(100, 'x');
        wipe(text);
        CHECK(text.empty());
        CHECK(text.data()[1] == '\0');
    }
}
