// A picture like a room seen by a camera: smooth light, edges, fine texture and a little noise,
// different for each seed, the same on every machine. RGB, rows without gaps.
#pragma once

#include <vector>

namespace onlooker::bench {

struct Scene {
    int width = 0;
    int height = 0;
    std::vector<unsigned char> rgb;
};

Scene make_scene(int width, int height, unsigned seed);

}  // namespace onlooker::bench
