#include "media/jpeg_tables.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "media/jpeg_segments.hpp"

using namespace onlooker::media;
using namespace std::string_literals;

namespace {

std::span<const std::byte> octets(const std::string& text) {
    return std::as_bytes(std::span(text));
}

std::string quantisation(char number, std::size_t values = 64) {
    return number + std::string(values, '\1');
}

// A table with one code of one bit.
std::string huffman(char class_and_number) {
    return class_and_number + "\1"s + std::string(15, '\0') + '\5';
}

}  // namespace

TEST_SUITE("JPEG tables") {
    TEST_CASE("one segment may define several quantisation tables, of 8 or 16 bits") {
        JpegTables tables;
        const std::string body = quantisation('\0') + quantisation('\x13', 128);
        REQUIRE(tables.define_quantisation(octets(body)) == JpegError::none);
        CHECK(tables.has_quantisation(0));
        CHECK(!tables.has_quantisation(1));
        CHECK(tables.has_quantisation(3));
    }

    TEST_CASE("a quantisation table cut short, or of a number that is none, is broken") {
        for (const auto& body : {quantisation('\0', 63), quantisation('\x10', 64),
                                 quantisation('\4'), quantisation('\x20')})
            CHECK(JpegTables().define_quantisation(octets(body)) == JpegError::broken_segment);
    }

    TEST_CASE("the standard segment defines the standard Huffman tables") {
        JpegTables tables;
        REQUIRE(tables.define_huffman(standard_huffman_segment().subspan(4)) == JpegError::none);
        CHECK(tables.huffman().holds(HuffmanSet::standard()));
        CHECK(HuffmanSet::standard().holds(tables.huffman()));
    }

    TEST_CASE("a set of Huffman tables holds no more than was put in") {
        JpegTables tables;
        CHECK(tables.huffman().empty());
        REQUIRE(tables.define_huffman(octets(huffman('\x11'))) == JpegError::none);
        HuffmanSet wanted;
        wanted.add(1, 1);
        CHECK(tables.huffman().holds(wanted));
        wanted.add(0, 1);
        CHECK(!tables.huffman().holds(wanted));
    }

    TEST_CASE("a Huffman table cut short, or of a number that is none, is broken") {
        const std::string whole = huffman('\0');
        for (std::size_t size = 1; size < whole.size(); ++size)
            CHECK(JpegTables().define_huffman(octets(whole.substr(0, size))) ==
                  JpegError::broken_segment);
        for (const char number : {'\x20', '\x04'})
            CHECK(JpegTables().define_huffman(octets(huffman(number))) ==
                  JpegError::broken_segment);
        const std::string overfull = '\0' + std::string(16, '\xff') + std::string(4080, '\0');
        CHECK(JpegTables().define_huffman(octets(overfull)) == JpegError::broken_segment);
    }
}
