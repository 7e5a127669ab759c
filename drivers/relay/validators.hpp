// What a snapshot's server said by which it can be asked whether the snapshot has changed, and
// whether that can be relied on.
//
//   - A date in whole seconds names one version only when it is at least a second older than the
//     answer (RFC 9110, 8.8.2.2). File servers make their ETag of that date and of the size, so the
//     same holds for an ETag beside it.
//   - "Not modified" is believed for `longest_belief`; then the picture is asked for as if none
//   were
//     known. When it is another one under the same ETag and date, that server does not mean what it
//     says, and is never asked so again.
//
// Used on the capture thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "relay/response_head.hpp"

namespace onlooker::drivers {

class Validators {
  public:
    static constexpr auto longest_belief = std::chrono::seconds(10);

    // A whole picture came with this head; `changed`: it is not the same as the one before.
    void learn(const ResponseHead& head, bool changed, SteadyTime now);

    // The fields ("Name: value") that make the next request a conditional one; none: a plain one.
    std::vector<std::string> conditions(SteadyTime now) const;

  private:
    std::string etag_;           // empty: there was none that can be used
    std::string last_modified_;  // likewise
    SteadyTime learnt_{};
    bool lies_ = false;
};

}  // namespace onlooker::drivers
