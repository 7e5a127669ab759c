#include "http/wire/self_signed.hpp"

#include <asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/replace_file.hpp"
#include "base/text.hpp"
#include "openssl_module/openssl_module.hpp"

namespace onlooker::http {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view doing,
                       const std::string& why) {
    throw std::runtime_error(
        fmt::format("cannot {} the self-signed certificate {}: {}; name a folder that this user "
                    "may write to behind --tls-self-signed",
                    doing, file.string(), why));
}

// As x509v3_config(5) writes it; nothing for what no certificate may name.
std::string alternative_name(const std::string& name) {
    asio::error_code error;
    const auto address = asio::ip::make_address(name, error);
    if (!error)
        return "IP:" + address.to_string();
    const bool is_name =
        !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
            return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
        });
    return is_name ? "DNS:" + name : std::string();
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::vector<std::string> all{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    for (const std::string& name : names) {
        std::string entry = alternative_name(name);
        if (!entry.empty() && std::ranges::find(all, entry) == all.end())
            all.push_back(std::move(entry));
    }
    return fmt::format("{}", fmt::join(all, ","));
}

void make_folder(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.parent_path();
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (made && !error)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error)
        fail(file, "make the folder of", error.message());
}

// There is either the old pair or a whole new one.
void write(const std::filesystem::path& file, const std::string& pem) {
    make_folder(file);
    try {
        replace_file(file, pem);
    } catch (const std::system_error& error) {
        fail(file, "write", error.code().message());
    }
}

// Nothing: there is no such file.
std::optional<openssl_module::CertificateFacts> read(const std::filesystem::path& path) {
    errno = 0;
    std::ifstream file(path);
    if (!file && errno == ENOENT)
        return std::nullopt;
    const std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file || file.bad())
        fail(path, "read", std::system_category().message(errno));
    auto facts = openssl_module::table().facts_of(pem);
    if (!facts)
        throw std::runtime_error(fmt::format(
            "{} holds no certificate; remove it, and a new one is made", path.string()));
    return facts;
}

}  // namespace

SelfSigned keep_self_signed(const std::filesystem::path& file,
                            const std::vector<std::string>& names, std::chrono::sys_seconds now) {
    if (const auto kept = read(file); kept && kept->expires >= now)
        return {kept->fingerprint, false};
    const std::string pem = openssl_module::table().make_self_signed(alternative_names(names), now);
    write(file, pem);
    return {openssl_module::table().facts_of(pem).value().fingerprint, true};
}

}  // namespace onlooker::http
