// Planes whose memory goes from picture to picture, so that a running camera asks the heap for
// none: fresh buffers of a megabyte each would cost a page fault for every 4 KB.
//
// Owner: who fills them; the planes may outlive the pool. Thread: get() one at a time; the planes
// may be dropped on any.
#pragma once

#include <memory>

#include "media/planes.hpp"

namespace onlooker::media {

class PlanesPool {
  public:
    PlanesPool();

    // Those of an earlier picture that nobody holds any more, as they were, or new ones.
    std::shared_ptr<Planes> get();

  private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

}  // namespace onlooker::media
