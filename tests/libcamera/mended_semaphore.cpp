// libcamera before 0.5.2 lets go of a semaphore's lock before it wakes who waits: who waits may go
// on by then, and the semaphore, which is on its stack, be gone. The thread that wakes it then
// waits for ever in what was a condition variable, seen in one of some five thousand starts of vimc
// (its IPA's thread, in Camera::stop()). Every call from thread to thread inside libcamera goes
// that way, so a program cannot avoid it; libcamera mended it as here. The symbol comes before
// libcamera's own in the test program, so that a thousand starts of the driver are judged, not that
// race.
#define LIBCAMERA_BASE_PRIVATE
#include <libcamera/base/semaphore.h>

namespace libcamera {

[[gnu::visibility("default")]] void Semaphore::release(unsigned int n) {
    MutexLocker locker(mutex_);
    available_ += n;
    cv_.notify_all();
}

}  // namespace libcamera
