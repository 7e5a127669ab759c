#include "import/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/config_file.hpp"
#include "base/text.hpp"
#include "import/peers.hpp"
#include "import/shell_words.hpp"

namespace onlooker::importing {

namespace {

constexpr std::size_t longest_text = std::size_t{256} * 1024;

std::string read_all(std::istream& input) {
    std::string text(longest_text + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    return text;
}

void check_text(std::string_view text) {
    if (text.size() > longest_text)
        throw app::ConfigError(
            fmt::format("what is to be imported is longer than {} octets", longest_text));
    const bool has_control = std::ranges::any_of(text, [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
               c == 0x7f;
    });
    if (has_control)
        throw app::ConfigError("what is to be imported holds octets that no text has");
}

// A line as manuals print it, "$ ustreamer ..." or "# ustreamer ...", without the prompt.
std::string_view without_prompt(std::string_view text) {
    const std::string_view line = trimmed(text, " \t\r\n");
    const bool is_comment = line.starts_with('#') && line.find('\n') != std::string_view::npos;
    const bool has_prompt = (line.starts_with("$ ") || line.starts_with("# ")) && !is_comment;
    return has_prompt ? line.substr(2) : line;
}

// Without the program in front, which may be there: "/usr/bin/ustreamer", "ustreamer.bin".
std::vector<std::string> words_of(std::string_view text, std::string_view program) {
    std::vector<std::string> words = split_words(without_prompt(command_of(text)));
    if (words.empty() || words.front().starts_with('-'))
        return words;
    const std::string_view name =
        std::string_view(words.front()).substr(words.front().rfind('/') + 1);
    if (name.substr(0, name.find('.')) != program)
        throw app::ConfigError(fmt::format("'{}' stands where options or {} were expected",
                                           escaped(words.front(), 60), program));
    words.erase(words.begin());
    return words;
}

// A file of Motion's, or its text: lines have blanks in them.
std::string motion_text(const std::string& source) {
    std::error_code error;
    if (source.find_first_of(" \t\n") != std::string::npos &&
        !std::filesystem::exists(source, error))
        return source;
    return app::read_config_file(source);
}

}  // namespace

std::string import_configuration(app::Peer peer, const std::string& source, std::istream& input) {
    const bool is_read = source == "-";
    std::string text = is_read ? read_all(input) : source;
    if (peer == app::Peer::motion && !is_read)
        text = motion_text(source);
    check_text(text);
    switch (peer) {
        case app::Peer::ustreamer:
            return import_ustreamer(words_of(text, "ustreamer"));
        case app::Peer::mjpg_streamer:
            return import_mjpg_streamer(words_of(text, "mjpg_streamer"));
        case app::Peer::camera_streamer:
            return import_camera_streamer(words_of(text, "camera-streamer"));
        case app::Peer::motion:
            break;
    }
    return import_motion(text);
}

}  // namespace onlooker::importing
