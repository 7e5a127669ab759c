// A file that the binary carries; tools/embed.py makes the source that holds them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace onlooker {

struct EmbeddedFile {
    std::string_view name;     // without folders
    std::string_view content;  // good for as long as the program runs

    std::span<const std::byte> octets() const noexcept { return std::as_bytes(std::span(content)); }
};

}  // namespace onlooker
