#include <stdexcept>

#include "senders.hpp"

namespace onlooker::bench {

std::unique_ptr<Sender> make_uring_sender(const std::string& mode) {
    throw std::invalid_argument("--mode " + mode + ": was not built; install liburing-dev");
}

}  // namespace onlooker::bench
