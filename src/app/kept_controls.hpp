// What users have set on the controls of cameras, as the state file has it:
//
//     {"version": 1,
//      "cameras": {"yard": {"controls": {"auto_exposure": {"value": 1},
//                                        "brightness": {"value": 12, "configured": "40"}}}}}
//
// Controls stand in the order in which they were first set. "configured" is what the configuration
// said of the control then. Of the two the newer word counts: what a user sets holds against the
// configuration, until that says something else than it did.
//
// Cameras and members that are not known here stay as they are.
//
// Pure. Thread: one at a time.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::app {

class KeptControls {
  public:
    // A file that is longer is none of ours.
    static constexpr std::size_t longest_text = std::size_t{1024} * 1024;

    // What the user wrote behind --camera, by key.
    using Configured = std::map<std::string, std::string>;

    KeptControls();
    KeptControls(KeptControls&&) noexcept;
    KeptControls& operator=(KeptControls&&) noexcept;
    ~KeptControls();

    // Throws ValueError with words for the user.
    static KeptControls parse(std::string_view text);
    std::string text() const;

    // What is to be set on a camera when it opens. What is no number, or is older than what the
    // configuration says, is left out.
    std::vector<camera::ControlChange> of(const std::string& camera,
                                          const Configured& configured) const;

    // False: it is kept so already.
    bool keep(const std::string& camera, const camera::ControlChange& change,
              const Configured& configured);

  private:
    std::unique_ptr<nlohmann::ordered_json> document_;
};

}  // namespace onlooker::app
