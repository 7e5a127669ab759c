// The prefix of a proxy that does not strip it: "/webcam" of "/webcam/stream".
//
// Whoever runs the proxy can name it, and then no other counts. Otherwise any one segment is taken
// for one, as /webcam/ of the printers' front ends; and up to three where an address is nothing but
// a prefix, as in /printers/one/webcam/?action=stream. A name by which something is reached here is
// never part of one, or a proxy that forbids /snapshot would be led past by /snapshot/stream.
//
// Thread: any, once it is made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker::http {

class ProxyPrefix {
  public:
    struct Settings {
        // "/webcam", without a '/' at its end: this one alone. "": none. Not given: by itself.
        std::optional<std::string> named;
        // Names that are never part of a prefix that is found by itself.
        std::vector<std::string> never;
    };

    ProxyPrefix() : ProxyPrefix({.named = "", .never = {}}) {}  // none
    explicit ProxyPrefix(Settings settings);

    // What follows the prefix in `path`, beginning with '/'; nothing if there is none.
    std::optional<std::string_view> rest(std::string_view path) const;

    // `path` is a prefix and nothing else, with or without a '/' behind it.
    bool is_all_of(std::string_view path) const;

  private:
    bool may_be_part(std::string_view segment) const;

    Settings settings_;
};

}  // namespace onlooker::http
