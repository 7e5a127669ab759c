// The configuration that an import makes: cameras, settings, and a remark for each word of the
// other program that has no line of its own.
//
// Every value is checked by the setting that it goes to when it is put in, so that an error names
// the word that it comes from. A password that was found is in no part of the text.
//
// Owner: an import. Errors: ConfigError.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlooker::importing {

// What the user gave the other program: an option as it was written, "--port" or "stream_port", and
// its value.
struct Given {
    std::string word;
    std::string value;
};

// Becomes one line `camera = ...`.
struct DraftCamera {
    std::string name;  // empty: it gets one by itself
    std::string driver;
    std::string source;
    std::vector<std::pair<std::string, std::string>> keys;

    // A key that is there gets the new value, as a later option replaces an earlier one.
    void set(std::string_view key, std::string value);
    void remove(std::string_view key);
    const std::string* find(std::string_view key) const;
    std::string spec() const;
};

class Draft {
  public:
    // `peer`: "uStreamer".
    explicit Draft(std::string_view peer) : peer_(peer) {}

    // The one that was added last; there is one.
    DraftCamera& camera() { return cameras_.back(); }
    DraftCamera& add_camera(std::string driver);
    std::deque<DraftCamera>& cameras() noexcept { return cameras_; }

    // A setting of the program; a later value replaces an earlier one, but for lists.
    void set(std::string_view setting, const Given& given);
    const std::string* find(std::string_view setting) const;
    void unset(std::string_view setting);

    // It asked for a login of this name. What was public without one is not made public.
    void need_login(std::string_view name);

    void remark(std::string_view word, std::string_view text);

    // The file.
    std::string text() const;

  private:
    struct Line {
        std::string setting;
        std::string value;
    };

    // What is said of several words is said once.
    struct Remark {
        std::vector<std::string> words;
        std::string text;
    };

    void check(std::string_view setting, const std::string& value, std::string_view word) const;
    bool is_public() const;
    std::string network_text() const;

    std::string peer_;
    std::deque<DraftCamera> cameras_;
    std::vector<Line> lines_;
    std::vector<std::string> logins_;
    std::vector<Remark> remarks_;
};

// `value` with an error that names the word: "--port: expected ...".
[[noreturn]] void refuse(const Given& given, std::string_view expected);

// A user's name as it can stand in a command line to copy; "NAME" where it cannot.
std::string login_to_copy(std::string_view name);

}  // namespace onlooker::importing
