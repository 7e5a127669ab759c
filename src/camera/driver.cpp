#include "camera/driver.hpp"

namespace onlooker::camera {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::not_found:
            return "not found";
        case ErrorKind::busy:
            return "busy";
        case ErrorKind::no_permission:
            return "no permission";
        case ErrorKind::unplugged:
            return "unplugged";
        case ErrorKind::no_signal:
            return "no signal";
        case ErrorKind::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace onlooker::camera
