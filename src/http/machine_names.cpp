#include "http/machine_names.hpp"

#include <ifaddrs.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

// Such files are short, but for lists of names to block, of which ours is at the top.
constexpr int most_lines = 10'000;
constexpr std::size_t most_names = 64;

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), to_lower);
    return result;
}

class Names {
  public:
    void add(std::string name) {
        if (name.ends_with('.'))
            name.pop_back();
        if (!name.empty() && all_.size() < most_names && !has(name))
            all_.push_back(std::move(name));
    }
    bool has(const std::string& name) const { return std::ranges::find(all_, name) != all_.end(); }
    std::vector<std::string> take() { return std::move(all_); }

  private:
    std::vector<std::string> all_;
};

// The words of each line, in lower case and without its comment.
std::vector<std::vector<std::string>> words_of(const std::filesystem::path& path) {
    std::vector<std::vector<std::string>> lines;
    std::ifstream file(path);
    std::string line;
    for (int i = 0; i < most_lines && std::getline(file, line); ++i) {
        std::istringstream text(lower(line.substr(0, line.find('#'))));
        std::vector<std::string> words;
        for (std::string word; text >> word;)
            words.push_back(std::move(word));
        if (!words.empty())
            lines.push_back(std::move(words));
    }
    return lines;
}

// Nothing for what is no address of IP, or of one link only.
std::string address_of(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* octets = nullptr;
    if (address && address->sa_family == AF_INET)
        octets = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    else if (address && address->sa_family == AF_INET6 &&
             !IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr))
        octets = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (!octets || !::inet_ntop(address->sa_family, octets, text.data(), text.size()))
        return {};
    return text.data();
}

}  // namespace

std::vector<std::string> machine_names(std::string_view host_name,
                                       const std::filesystem::path& etc) {
    Names names;
    const std::string whole = lower(host_name);
    const std::string label = whole.substr(0, whole.find('.'));
    if (label.empty())
        return {};
    names.add(whole);
    names.add(label);
    names.add(label + ".local");
    // resolv.conf(5): of several lines the last counts, but a name more does no harm.
    for (const auto& words : words_of(etc / "resolv.conf")) {
        if (words.front() != "search" && words.front() != "domain")
            continue;
        for (const std::string& domain : std::vector(words.begin() + 1, words.end()))
            names.add(fmt::format("{}.{}", label, domain));
    }
    // hosts(5): an address and its names. Debian's `hostname -f` is the first of them.
    for (const auto& words : words_of(etc / "hosts")) {
        const std::vector<std::string> line(words.begin() + 1, words.end());
        if (std::ranges::find(line, whole) != line.end())
            std::ranges::for_each(line, [&](const std::string& name) { names.add(name); });
    }
    return names.take();
}

std::vector<std::string> addresses_of_this_machine() {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
    Names addresses;
    for (const ifaddrs* entry = first; entry; entry = entry->ifa_next)
        addresses.add(address_of(entry->ifa_addr));
    return addresses.take();
}

std::vector<std::string> names_of_this_machine() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return {};
    return machine_names(name.data(), "/etc");
}

}  // namespace onlooker::http
