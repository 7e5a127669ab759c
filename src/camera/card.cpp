#include "camera/card.hpp"
namespace onlooker::camera {
Generator<Captured> CardDriver::frames(CaptureContext&) { co_return; }
}
