// The decoded pictures of one source, which the recipes of the same frame share: a frame is decoded
// once, at the largest of the sizes that are needed of it.
//
// Owner: shared by the recipes of a source. Thread: any; a worker that needs what another one is
// decoding waits for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "media/frame.hpp"
#include "media/planes.hpp"

namespace onlooker::media {

class SharedDecodes {
  public:
    // What a recipe needs of each frame: a size in eighths, at least; and colour, or luma alone.
    struct Need {
        unsigned eighths = 8;
        bool colour = true;
    };

    struct Result {
        PlanesPtr planes;   // null: it cannot be decoded
        std::string error;  // why, in words
    };

    SharedDecodes();
    SharedDecodes(const SharedDecodes&) = delete;
    SharedDecodes& operator=(const SharedDecodes&) = delete;
    ~SharedDecodes();

    // For each recipe, for as long as it is made: the next decode serves all that are there. When
    // the last one is removed nothing is kept any more, and nothing of what is being decoded then.
    void add(Need need);
    void remove(Need need);

    // The frame, not smaller than needed; the size of the planes says how large. The newest one is
    // kept, for the recipes that come later to the same frame.
    Result get(const FramePtr& frame, Need need);

    // How many decodes were done.
    std::uint64_t decodes() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace onlooker::media
