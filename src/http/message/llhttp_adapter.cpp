#include "http/message/llhttp_adapter.hpp"

#include <utility>

namespace onlooker::http {

namespace {

std::string_view sentence_for(llhttp_errno_t error) noexcept {
    switch (error) {
        case HPE_INVALID_URL:
            return "The request target is not a valid URL.";
        case HPE_INVALID_HEADER_TOKEN:
            return "A header field holds a character that must not stand there.";
        case HPE_INVALID_CONTENT_LENGTH:
        case HPE_UNEXPECTED_CONTENT_LENGTH:
            return "Content-Length is not one plain number, or not alone.";
        case HPE_INVALID_TRANSFER_ENCODING:
            return "Transfer-Encoding is not valid.";
        case HPE_INVALID_CHUNK_SIZE:
            return "The size of a chunk is not valid.";
        default:
            return "The request is not valid HTTP.";
    }
}

}  // namespace

// What llhttp calls: 0 to read on, -1 to stop.
struct LlhttpAdapter::Callbacks {
    template <typename Action>
    static int guarded(llhttp_t* llhttp, Action action) noexcept {
        auto& self = *static_cast<LlhttpAdapter*>(llhttp->data);
        try {
            self.stopped_ = !action(self);
        } catch (...) {
            self.exception_ = std::current_exception();
            self.stopped_ = true;
        }
        return self.stopped_ ? -1 : 0;
    }

    static int field(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(llhttp, [&](LlhttpAdapter& self) {
            if (std::exchange(self.name_ended_, false) && !self.events_.on_field_begin())
                return false;
            return self.events_.on_field_name({text, size});
        });
    }

    static int field_end(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](LlhttpAdapter& self) { return self.name_ended_ = true; });
    }

    static int value(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(
            llhttp, [&](LlhttpAdapter& self) { return self.events_.on_field_value({text, size}); });
    }

    static int headers_complete(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](LlhttpAdapter& self) { return self.events_.on_head_end(); });
    }

    static int body(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(llhttp,
                       [&](LlhttpAdapter& self) { return self.events_.on_body({text, size}); });
    }

    static int chunk_header(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [&](LlhttpAdapter& self) {
            return self.events_.on_chunk_size(llhttp->content_length);
        });
    }

    static int message_complete(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](LlhttpAdapter& self) { return self.events_.on_message_end(); });
    }

    static const llhttp_settings_t* settings() noexcept {
        static const llhttp_settings_t table = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_header_field = field;
            made.on_header_field_complete = field_end;
            made.on_header_value = value;
            made.on_headers_complete = headers_complete;
            made.on_body = body;
            made.on_chunk_header = chunk_header;
            made.on_message_complete = message_complete;
            return made;
        }();
        return &table;
    }
};

LlhttpAdapter::LlhttpAdapter(Events& events) noexcept : events_(events) {
    restart();
}

void LlhttpAdapter::restart() noexcept {
    llhttp_init(&llhttp_, HTTP_REQUEST, Callbacks::settings());
    llhttp_.data = this;
    name_ended_ = true;
    stopped_ = false;
}

std::string_view LlhttpAdapter::execute(std::string_view text) {
    const llhttp_errno_t error = llhttp_execute(&llhttp_, text.data(), text.size());
    if (exception_)
        std::rethrow_exception(std::exchange(exception_, nullptr));
    if (error == HPE_OK || error == HPE_PAUSED_UPGRADE || stopped_)
        return {};
    return sentence_for(error);
}

bool LlhttpAdapter::should_keep_alive() const noexcept {
    return llhttp_should_keep_alive(&llhttp_) != 0;
}

}  // namespace onlooker::http
