// Whatever an upstream sends: the reader of multipart streams keeps its limits, and finds the same
// pictures wherever the stream is split.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "relay/multipart_reader.hpp"

using onlooker::drivers::MultipartReader;
using onlooker::drivers::StreamError;

namespace {

// Small, so that a few thousand octets reach them.
constexpr MultipartReader::Limits limits{.part_head = 128, .frame = 2048, .preamble = 512};

struct Outcome {
    std::vector<std::vector<std::byte>> pictures;
    std::uint32_t lost = 0;
    bool refused = false;
};

// In pieces of `piece` octets.
Outcome read(std::string_view content_type, MultipartReader::Torn torn,
             std::span<const std::byte> stream, std::size_t piece) {
    MultipartReader reader(content_type, limits, torn);
    Outcome outcome;
    try {
        for (bool goes_on = true; goes_on;) {
            const auto now = stream.first(std::min(piece, stream.size()));
            stream = stream.subspan(now.size());
            goes_on = !now.empty();
            if (goes_on)
                reader.feed(now);
            else
                reader.end();
            while (auto frame = reader.take()) {
                if (frame->jpeg.size() > limits.frame)
                    std::abort();
                outcome.lost += frame->lost;
                outcome.pictures.push_back(std::move(frame->jpeg));
            }
        }
    } catch (const StreamError&) {
        outcome.refused = true;
        while (auto frame = reader.take())
            outcome.pictures.push_back(std::move(frame->jpeg));
    }
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr std::string_view types[] = {"multipart/x-mixed-replace;boundary=frame",
                                                 "multipart/x-mixed-replace;boundary=\"--frame\"",
                                                 "multipart/x-mixed-replace", "image/jpeg",
                                                 "text/html"};
    if (size < 2)
        return 0;
    const std::string_view type = types[data[0] % std::size(types)];
    const std::size_t piece = std::size_t{data[1]} % 64 + 1;
    const auto stream = std::as_bytes(std::span(data + 2, size - 2));
    const auto torn =
        data[1] < 128 ? MultipartReader::Torn::dropped : MultipartReader::Torn::passed_on;
    const Outcome whole = read(type, torn, stream, stream.size());
    const Outcome pieces = read(type, torn, stream, piece);
    const Outcome octets = read(type, torn, stream, 1);
    // Where a limit is passed may differ by what one piece holds; what was read before may not.
    if (!whole.refused && !pieces.refused && !octets.refused &&
        (whole.pictures != pieces.pictures || whole.pictures != octets.pictures ||
         whole.lost != pieces.lost || whole.lost != octets.lost))
        std::abort();
    return 0;
}
