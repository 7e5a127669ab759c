// Twenty people who watch a stream and never let go: what they see, and whether they were dropped.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace onlooker::test {

class Viewers {
  public:
    enum class Seen { nothing, picture, other };

    // Connects `count` viewers to http://127.0.0.1:PORT/stream. A picture is one of `pictures`;
    // anything else that is shown is a card of the server's.
    Viewers(int count, unsigned short port, std::set<std::string> pictures);

    // Reads until all of them were last shown `what` in something that came after this call, or
    // `limit` is over. True when they were.
    bool all_see(Seen what, std::chrono::milliseconds limit);

    // Goes on reading for so long, whatever comes.
    void watch_for(std::chrono::milliseconds time);

    // How many the server has let go.
    int dropped() const;

  private:
    struct Viewer {
        UniqueFd socket;
        std::string received;
        Seen seen = Seen::nothing;
        bool gone = false;
    };
    void read(std::chrono::milliseconds wait);
    void take_parts(Viewer& viewer);

    std::set<std::string> pictures_;
    std::vector<Viewer> viewers_;
};

// The answer to GET `path`, head and all.
std::string get(unsigned short port, const std::string& path);

}  // namespace onlooker::test
