// mjpg-streamer, by the help of the program and of its plugins (jacksonliam's, 2021).
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "app/options.hpp"
#include "base/text.hpp"
#include "import/mjpg_inputs.hpp"
#include "import/peers.hpp"
#include "import/rules.hpp"
#include "import/shell_words.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

// One server's, until it is known whether it is the first.
struct HttpOutput {
    std::string host = "0.0.0.0";
    std::string port = "8080";
};

std::vector<PeerOption> http_output_options(HttpOutput& output) {
    return {
        {"p port", value, [&](Draft&, const Given& given) { output.port = given.value; }},
        {"l listen", value, [&](Draft&, const Given& given) { output.host = given.value; }},
        {"c credentials", value, login_pair()},
        {"w www", value, remark("onlooker has a page of its own; other pages need a web server.")},
        {"n nocommands", nothing,
         remark("onlooker's page can change the camera's controls; with users, only those who may "
                "(--scope control).")},
        {"h help", nothing, remark("this asks the plugin about itself.")},
    };
}

void import_http_output(const std::vector<std::string>& words, Draft& draft) {
    HttpOutput output;
    read_options({words.begin() + 1, words.end()}, http_output_options(output), Syntax::words,
                 draft);
    if (draft.find("port") == nullptr) {
        draft.set("host", {"--listen", output.host});
        draft.set("port", {"--port", output.port});
        return;
    }
    const bool is_ipv6 = output.host.find(':') != std::string::npos;
    draft.set("listen", {"--port", fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", output.host,
                                               is_ipv6 ? "]" : "", output.port)});
}

void import_output(const Given& given, Draft& draft) {
    const auto words = split_at_blanks(given.value);
    if (words.empty())
        throw app::ConfigError(fmt::format("{} needs a plugin behind it", given.word));
    const std::string name = plugin_name(words.front());
    if (name == "output_http")
        return import_http_output(words, draft);
    draft.remark(readable(name, 60),
                 name == "output_file"
                     ? "onlooker writes no files; a script can fetch /snapshot, or a recording by "
                       "/clip."
                     : "onlooker sends by HTTP alone; it was left out.");
}

void import_input(const Given& given, Draft& draft) {
    const auto words = split_at_blanks(given.value);
    if (words.empty())
        throw app::ConfigError(fmt::format("{} needs a plugin behind it", given.word));
    import_mjpg_input(words, draft);
}

}  // namespace

std::string import_mjpg_streamer(const std::vector<std::string>& words) {
    bool has_input = false;
    bool has_output = false;
    const std::vector<PeerOption> options{
        {"i input", value,
         [&](Draft& draft, const Given& given) {
             has_input = true;
             import_input(given, draft);
         }},
        {"o output", value,
         [&](Draft& draft, const Given& given) {
             has_output = true;
             import_output(given, draft);
         }},
        {"b background", nothing, remark("a service manager keeps onlooker in the background.")},
        {"h help v version", nothing, remark("this asks mjpg-streamer about itself.")},
    };
    Draft draft("mjpg-streamer");
    read_options(words, options, Syntax::letters_and_words, draft);
    // The plugins that it takes by itself.
    if (!has_input)
        import_input({"--input", "input_uvc.so"}, draft);
    if (!has_output)
        import_output({"--output", "output_http.so"}, draft);
    return draft.text();
}

}  // namespace onlooker::importing
