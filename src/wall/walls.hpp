// The walls that are being shown, by the name that each was given: POST /wall/ID changes what one
// shows. A name is 128 random bits, so whoever knows it was given it.
//
// Owner: the routes, and each wall. Thread: the loop.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>

#include "base/random.hpp"

namespace onlooker::wall {

class WallStream;

class Walls {
  public:
    // Until leave(); the name is unlike any other.
    std::string enter(WallStream& wall) {
        std::string id = fmt::format("{:016x}{:016x}", random_bits(), random_bits());
        walls_[id] = &wall;
        return id;
    }
    void leave(const std::string& id) { walls_.erase(id); }

    // Null: there is none, or it has ended.
    WallStream* find(const std::string& id) const {
        const auto found = walls_.find(id);
        return found == walls_.end() ? nullptr : found->second;
    }
    std::size_t count() const noexcept { return walls_.size(); }

  private:
    std::map<std::string, WallStream*> walls_;
};

}  // namespace onlooker::wall
