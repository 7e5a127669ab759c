#include "http/request_reader.hpp"

#include <utility>

#include "base/clock.hpp"

namespace onlooker::http {

RequestReader::RequestReader(const ReadLimits& limits, std::span<std::byte> buffer)
    : limits_(limits), buffer_(buffer) {
    parser_.emplace(limits_.size);
}

RequestReader::Status RequestReader::read(Transport& transport) {
    while (true) {
        std::string_view octets = std::string_view(unread_).substr(unread_begin_);
        if (octets.empty()) {
            const IoResult result = transport.try_read(buffer_);
            if (result.outcome == IoResult::Outcome::wait_read)
                return Status::wait_read;
            if (result.outcome == IoResult::Outcome::wait_write)
                return Status::wait_write;
            if (result.outcome != IoResult::Outcome::done) {
                failure_ = result.error;
                return Status::closed;
            }
            octets = {reinterpret_cast<const char*>(buffer_.data()), result.octets};
        }
        const auto status = parser_->feed(octets);
        keep_unread(octets);
        if (status == RequestParser::Status::complete)
            return Status::request;
        if (status == RequestParser::Status::failed)
            return Status::broken;
    }
}

Request RequestReader::take() {
    first_ = false;
    due_is_set_ = false;
    return parser_->take();
}

// The octets may lie in the buffer that all connections share, or in unread_ itself.
void RequestReader::keep_unread(std::string_view octets) {
    const bool own = octets.data() >= unread_.data() &&
                     octets.data() <= unread_.data() + unread_.size() && !unread_.empty();
    if (octets.empty()) {
        unread_.clear();
        unread_begin_ = 0;
    } else if (own) {
        unread_begin_ = unread_.size() - octets.size();
    } else {
        unread_.assign(octets);
        unread_begin_ = 0;
    }
}

RequestReader::Phase RequestReader::phase() const noexcept {
    return parser_->in_body() ? Phase::body : parser_->started() ? Phase::head : Phase::waiting;
}

std::chrono::milliseconds RequestReader::limit_of(Phase phase) const noexcept {
    switch (phase) {
        case Phase::head:
            return limits_.head;
        case Phase::body:
            return limits_.body;
        case Phase::waiting:
            break;
    }
    return first_ ? limits_.first_request : limits_.idle;
}

// Set when a phase begins, and not by anything that happens within it.
SteadyTime RequestReader::due(SteadyTime now) {
    const Phase current = phase();
    if (!due_is_set_ || due_of_ != current) {
        due_ = now + limit_of(current);
        due_of_ = current;
        due_is_set_ = true;
    }
    return due_;
}

bool RequestReader::take_expects_continue() noexcept {
    return parser_->in_body() && parser_->take_expects_continue();
}

Response RequestReader::error_answer() const {
    if (parser_->status() == RequestParser::Status::failed)
        return Response::error(parser_->error_status(), parser_->error_sentence());
    return Response::error(408, "The rest of the request did not come in time.");
}

std::string RequestReader::take_unread() {
    unread_.erase(0, unread_begin_);
    unread_begin_ = 0;
    return std::exchange(unread_, {});
}

void RequestReader::release_unread() noexcept {
    unread_ = std::string();
    unread_begin_ = 0;
}

void RequestReader::release() noexcept {
    parser_.reset();
    release_unread();
}

}  // namespace onlooker::http
