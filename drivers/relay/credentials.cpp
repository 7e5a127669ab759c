#include "relay/credentials.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

constexpr std::streamsize longest_secret = 4096;

void warn_when_open_to_all(const std::string& path, camera::CaptureContext& context) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IROTH) != 0)
        context.warn(
            fmt::format("everybody on this machine may read {}: chmod 600 it", escaped(path)));
}

// `key` stands for the path in what goes wrong, which everybody may read on the card: it may be the
// password itself, written where a file's name was wanted.
std::string first_line(std::string_view key, const std::string& path,
                       camera::CaptureContext& context) {
    std::ifstream file(path);
    std::string line(static_cast<std::size_t>(longest_secret), '\0');
    file.getline(line.data(), longest_secret);
    if (!file && !file.eof())
        throw camera::CameraError(
            camera::ErrorKind::no_permission,
            fmt::format("the file that {} names cannot be read: {}", key,
                        file.gcount() > 0 ? "its first line is too long"
                                          : std::generic_category().message(errno)));
    warn_when_open_to_all(path, context);
    line.resize(line.find('\0'));
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

}  // namespace

Credentials read_credentials(const RelaySettings& options, camera::CaptureContext& context) {
    Credentials credentials{.user = options.user, .password = options.password, .token = {}};
    if (!options.password_file.empty())
        credentials.password = first_line("password_file", options.password_file, context);
    if (!options.token_file.empty())
        credentials.token = first_line("token_file", options.token_file, context);
    return credentials;
}

}  // namespace onlooker::drivers
