// The lines of an HTTP message, one at a time: a header or trailer field, and the size of a chunk.
//
// Each takes a whole line without its line end, which a LineDiscipline has accepted, and gives
// nothing if the line does not have that form. Optional forms that HTTP parsers are known to read
// in different ways are refused: white space before a colon or in a chunk extension, a chunk
// extension behind one whose value is not quoted, and a backslash in a quoted string.
//
// Pure. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace onlooker::http {

// Both lie in the line; `value` is without white space around it, and may be empty.
struct FieldLine {
    std::string_view name;
    std::string_view value;

    bool operator==(const FieldLine&) const = default;
};

// field-name ":" OWS field-value OWS (RFC 9112, section 5).
std::optional<FieldLine> read_field_line(std::string_view line) noexcept;

// chunk-size [ chunk-ext ] (RFC 9112, section 7.1). The size in octets; extensions must be well
// formed and are ignored.
std::optional<std::uint64_t> read_chunk_size(std::string_view line) noexcept;

}  // namespace onlooker::http
