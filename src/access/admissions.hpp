// Those who were let in and are being answered now: what a handler may show them, and the means to
// send them away when what let them in is taken back.
//
// Owner: Gatekeeper; it outlives the passes. Thread: the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/grant.hpp"
#include "access/links.hpp"
#include "http/gate.hpp"

namespace onlooker::access {

// By what somebody was let in.
struct Admittance {
    enum class By : std::uint8_t { nothing, password, session, token, link };
    By by = By::nothing;
    std::string name{};     // of the user or the token; the id of the link
    std::string session{};  // its label
    std::string key{};      // the kid of the link
    std::optional<WallTime> until{};
};

// "anna", "token octoprint", "link 4Yp3": for a log.
std::string words_for(const Admittance& admittance);

class Admissions {
  public:
    Admissions() = default;
    Admissions(const Admissions&) = delete;
    Admissions& operator=(const Admissions&) = delete;

    std::shared_ptr<http::Pass> admit(Grant grant, Admittance by);

    // Takes the passes back for which it is true. What that ends may be gone when it returns.
    void end_if(const std::function<bool(const Admittance&)>& condition);
    void for_each(const std::function<void(const Admittance&)>& action) const;

    std::size_t size() const noexcept { return all_.size(); }

    // What a pass was given for; null for one that is not of such admissions.
    static const Admittance* of(const http::Pass* pass) noexcept;

  private:
    class Admission;
    std::list<Admission*> all_;
};

}  // namespace onlooker::access
