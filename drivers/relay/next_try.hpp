// Whether a request that failed is worth a second try, and what is done differently in it.
//
// Each way is tried once per request. Values and rules alone, no I/O.
#pragma once

#include <curl/curl.h>

namespace onlooker::drivers {

class NextTry {
  public:
    // What is known of a request that failed.
    struct Failed {
        CURLcode code = CURLE_OK;
        long status = 0;
        bool connection_was_used = false;  // for another response, before
        bool has_answer = false;           // some of what would be passed on has come
        bool has_memory = false;           // a login or cookies of a request that went well
        bool has_pins = false;             // there are certificates that are trusted as they are
    };

    // A new request begins.
    void begin();

    // Whether to try again, with what the members below then say.
    bool after(const Failed& failed);

    // For this try alone.
    bool on_a_new_connection() const noexcept { return on_a_new_connection_; }
    bool without_memory() const noexcept { return without_memory_; }

    // From now on, for the server was found to be so.
    bool undecoded() const noexcept { return undecoded_; }
    bool ignores_content_length() const noexcept { return ignores_content_length_; }
    bool pinned() const noexcept { return pinned_; }

  private:
    bool on_a_new_connection_ = false;
    bool without_memory_ = false;
    bool undecoded_ = false;
    bool ignores_content_length_ = false;
    bool pinned_ = false;
};

}  // namespace onlooker::drivers
