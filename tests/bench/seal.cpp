// seal: what AES-GCM alone costs, on one thread, for as many octets as a picture has: the least
// that TLS has to do beside sending it. In pieces of 16 KiB, as TLS has it, each under its own
// nonce and with its 5 octets of header authenticated. Prints one line of JSON.

#include <time.h>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

#include "arguments.hpp"
#include "clock.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(seal: what AES-GCM alone costs for a picture; one line of JSON.

  --octets COUNT    of a picture (75000)
  --pictures COUNT  in a round (600)
  --rounds COUNT    the median of which is told (9)
  --key BITS        128 or 256 (128)
)";

constexpr int record = 16 * 1024;
constexpr int header = 5;
constexpr int tag = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&::EVP_CIPHER_CTX_free)>;

Nanoseconds thread_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * one_second + now.tv_nsec;
}

class Sealer {
  public:
    explicit Sealer(bool long_key) : cipher_(::EVP_CIPHER_CTX_new(), &::EVP_CIPHER_CTX_free) {
        const std::array<unsigned char, 32> key{1, 2, 3};
        if (!cipher_ || ::EVP_EncryptInit_ex(cipher_.get(),
                                             long_key ? ::EVP_aes_256_gcm() : ::EVP_aes_128_gcm(),
                                             nullptr, key.data(), nullptr) != 1)
            throw std::runtime_error("OpenSSL has no AES-GCM");
    }

    void seal(const std::vector<unsigned char>& picture) {
        for (std::size_t begin = 0; begin < picture.size(); begin += record)
            seal_record(picture.data() + begin,
                        static_cast<int>(std::min<std::size_t>(record, picture.size() - begin)));
    }

  private:
    void seal_record(const unsigned char* from, int count) {
        int done = 0;
        ++nonce_[0];
        if (::EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, nonce_.data()) != 1 ||
            ::EVP_EncryptUpdate(cipher_.get(), nullptr, &done, from, header) != 1 ||
            ::EVP_EncryptUpdate(cipher_.get(), sealed_.data(), &done, from, count) != 1 ||
            ::EVP_EncryptFinal_ex(cipher_.get(), sealed_.data() + done, &done) != 1 ||
            ::EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_GCM_GET_TAG, tag, sealed_.data()) != 1)
            throw std::runtime_error("OpenSSL does not encrypt");
    }

    Cipher cipher_;
    std::array<unsigned char, 12> nonce_{};
    std::vector<unsigned char> sealed_ = std::vector<unsigned char>(record + tag);
};

void run(int count, char** values) {
    Arguments arguments(count, values, usage);
    const auto octets = arguments.integer("octets", 75'000);
    const auto pictures = arguments.integer("pictures", 600);
    const auto rounds = arguments.integer("rounds", 9);
    Sealer sealer(arguments.integer("key", 128) == 256);
    arguments.expect_no_others();
    if (octets < 1 || octets > 100'000'000 || pictures < 1 || rounds < 1)
        throw std::invalid_argument("--octets, --pictures, --rounds: expected 1 or more");
    // More than one, as a server has more than one picture in its caches.
    std::vector<std::vector<unsigned char>> all(
        8, std::vector<unsigned char>(static_cast<std::size_t>(octets), 0x5A));
    std::vector<double> us;
    for (std::int64_t round = 0; round < rounds; ++round) {
        const Nanoseconds begin = thread_time();
        for (std::int64_t i = 0; i < pictures; ++i)
            sealer.seal(all[static_cast<std::size_t>(i) % all.size()]);
        us.push_back(static_cast<double>(thread_time() - begin) / 1e3 /
                     static_cast<double>(pictures));
    }
    std::ranges::sort(us);
    std::printf("{\"octets\": %ld, \"us_per_picture\": %.3f}\n", static_cast<long>(octets),
                us[us.size() / 2]);
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "seal: %s\n", error.what());
    return 2;
}
