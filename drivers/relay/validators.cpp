#include "relay/validators.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <ctime>
#include <optional>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

// What a server wants to be told again is told only when it is clean.
bool may_be_repeated(const std::string& value) {
    constexpr std::size_t longest = 200;
    return !value.empty() && value.size() <= longest && escaped(value) == value;
}

// W/"..." or "...". Without its quotes it could be "*", which names every version.
bool is_entity_tag(const std::string& value) {
    return may_be_repeated(value) && (value.starts_with('"') || value.starts_with("W/\"")) &&
           value.ends_with('"') && value.find('"') != value.size() - 1;
}

std::optional<std::time_t> parse_date(const std::string& value) {
    const std::time_t time = may_be_repeated(value) ? ::curl_getdate(value.c_str(), nullptr) : -1;
    return time < 0 ? std::nullopt : std::optional(time);
}

}  // namespace

void Validators::learn(const ResponseHead& head, bool changed, SteadyTime now) {
    const auto modified = parse_date(head.last_modified);
    // Without a Date there is no clock of the server's to compare with.
    const auto answered = parse_date(head.date);
    const bool is_old = modified && answered && *modified < *answered;
    const bool may_use_tag = !modified || is_old;
    const std::string etag = may_use_tag && is_entity_tag(head.etag) ? head.etag : "";
    const std::string last_modified = is_old ? head.last_modified : "";
    if (changed && !(etag.empty() && last_modified.empty()) && etag == etag_ &&
        last_modified == last_modified_)
        lies_ = true;
    etag_ = etag;
    last_modified_ = last_modified;
    learnt_ = now;
}

std::vector<std::string> Validators::conditions(SteadyTime now) const {
    std::vector<std::string> fields;
    if (lies_ || now - learnt_ >= longest_belief)
        return fields;
    if (!etag_.empty())
        fields.push_back("If-None-Match: " + etag_);
    if (!last_modified_.empty())
        fields.push_back("If-Modified-Since: " + last_modified_);
    return fields;
}

}  // namespace onlooker::drivers
