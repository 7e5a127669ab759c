// What cameras and phones write though the standard says otherwise, and what becomes of it.
//
// Tried on pictures of 320 x 240 with Chromium 156, djpeg (libjpeg-turbo 2.1.5) and ffmpeg 5.1: C,
// D and F mean that each shows such a picture whole. What all of them show is shown, and so is what
// cleaning turns into such a picture; what a browser shows as an error or a torn picture is not,
// since Chromium leaves a stream for good at a picture that does not decode.
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/jpeg_check.hpp"
#include "media/jpeg_segments.hpp"

namespace onlooker::media {

namespace {

using namespace std::string_literals;

std::string segment(char marker, const std::string& body) {
    const std::size_t length = body.size() + 2;
    return "\xff"s + marker + static_cast<char>(length >> 8) + static_cast<char>(length & 255) +
           body;
}

std::string text_of(std::span<const std::byte> octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::string table(unsigned table_class, unsigned number) {
    const auto [head, body] = standard_huffman_segment(table_class, number);
    return text_of(head) + text_of(body);
}

// A colour picture of 8 x 8 pixels in parts, so that a case can change some.
struct Parts {
    std::string before = "\xff\xd8"s;
    std::string quantisation = segment('\xdb', "\0"s + std::string(64, '\1'));
    std::string frame = segment('\xc0', "\x08\0\x08\0\x08\x03\1\x11\0\2\x11\0\3\x11\0"s);
    std::string huffman = text_of(standard_huffman_segment());
    std::string between{};
    std::string scan = segment('\xda', "\3\1\0\2\x11\3\x11\0\x3f\0"s);
    std::string data = "\x12\xff\0\x34\x56"s;
    std::string behind{};
    std::string end = "\xff\xd9"s;

    std::string text() const {
        return before + quantisation + frame + huffman + between + scan + data + behind + end;
    }
};

struct Habit {  // a row of the list
    const char* name;
    const char* shown_by;
    std::string sent;
    std::string shown;  // empty: refused
};

template <typename Change>
std::string with(const Change& change) {
    Parts parts;
    change(parts);
    return parts.text();
}
std::string between(const std::string& octets) {
    return with([&](Parts& parts) { parts.between = octets; });
}
std::string behind(const std::string& octets) {
    return with([&](Parts& parts) { parts.behind = octets; });
}
std::string scan(const std::string& body) {
    return with([&](Parts& parts) { parts.scan = segment('\xda', body); });
}
std::string huffman(const std::string& tables) {
    return with([&](Parts& parts) { parts.huffman = tables; });
}
std::string frame(char marker, const std::string& body) {
    return with([&](Parts& parts) { parts.frame = segment(marker, body); });
}

const std::string good = Parts().text();
const std::string none;

std::vector<Habit> between_segments() {
    const std::string empty_comment = segment('\xfe', ""s);
    return {
        {"as it should be", "CDF", good, good},
        {"zeros between segments", "CDF", between("\0\0"s), good},
        {"text between segments", "CDF", between("hello"), good},
        {"zeros behind the start mark", "DF", with([](Parts& parts) { parts.before += "\0\0"s; }),
         good},
        {"a stuffed FF between segments", "CDF", between("\xff\0"s), good},
        {"a restart marker between segments", "CDF", between("\xff\xd0"s), good},
        {"a marker TEM", "CDF", between("\xff\x01"s), good},
        {"a comment of length 0", "CDF", between("\xff\xfe\0\0"s), good},
        {"an APP5 of length 1", "CDF", between("\xff\xe5\0\1"s), good},
        {"a comment longer than it says", "CDF",
         between("\xff\xfe\0\x04"s
                 "abcdef"),
         between("\xff\xfe\0\x04"s
                 "ab")},
        {"arithmetic conditioning in a Huffman picture", "CDF", between(segment('\xcc', "\0\x10"s)),
         good},
        {"DNL before the scan", "CDF", between(segment('\xdc', "\0\x08"s)), good},
        {"DNL behind the scan", "CDF", behind(segment('\xdc', "\0\x08"s)), good},
        {"a comment behind the scan, then zeros", "CDF", behind(empty_comment + "\0\0"s),
         behind(empty_comment)},
        {"two start marks", "F", with([](Parts& parts) { parts.before += "\xff\xd8"; }), none},
        {"a kind of segment that is reserved", "F", between(segment('\x02', "ab")), good},
        {"a segment JPG0", "F", between(segment('\xf0', "ab")), good},
        {"a start mark behind the frame header", "", between("\xff\xd8"s), none},
        {"a quantisation table of length 1", "", between("\xff\xdb\0\1"s), none},
        {"a restart interval of one octet", "", between(segment('\xdd', "\1")), none},
        {"a hierarchical picture", "F", between(segment('\xde', "ab")), none},
        {"a marker JPG", "F", between(segment('\xc8', "ab")), none},
        {"what is reserved within the scan", "", behind("\xff\x05\x12\x34\x56"s), none},
    };
}

std::vector<Habit> scans() {
    std::vector<Habit> habits;
    for (const std::string& range : {"\0\0\0"s, "\0\x3f\x10"s, "\0\x3f\1"s, "\1\x3f\0"s,
                                     "\x3f\0\0"s, "\0\x40\0"s, "\0\xff\0"s, "\x11\2\x51"s})
        habits.push_back(
            {"a sequential scan of any range", "CDF", scan("\3\1\0\2\x11\3\x11"s + range), good});
    const std::string chosen = "\0\x3f\0"s;
    habits.insert(
        habits.end(),
        {
            {"a component that is not there", "F", scan("\3\1\0\2\x11\4\x11"s + chosen), none},
            {"a component twice", "F", scan("\3\1\0\2\x11\2\x11"s + chosen), none},
            {"no components", "F", scan("\0"s + chosen), none},
            {"an octet too many", "F", scan("\3\1\0\2\x11\3\x11"s + chosen + '\0'), none},
            {"a table that nobody has", "F", scan("\3\1\x22\2\x11\3\x11"s + chosen), none},
            {"the whole scan twice", "CF", behind(Parts().scan + Parts().data), none},
            {"a component that no scan has", "", scan("\2\1\0\2\x11"s + chosen), none},
        });
    return habits;
}

std::vector<Habit> components() {
    const std::string size = "\x08\0\x08\0\x08\x03"s;
    const std::string ones = size + "\1\x11\0\1\x11\0\1\x11\0"s;
    const std::string scan_of_ones = segment('\xda', "\3\1\0\1\x11\1\x11\0\x3f\0"s);
    const std::string all_the_same = with([&](Parts& parts) {
        parts.frame = segment('\xc0', ones);
        parts.scan = scan_of_ones;
    });
    const std::string one_by_one = with([&](Parts& parts) {
        parts.frame = segment('\xc0', ones);
        const std::string single = segment('\xda', "\1\1\0\0\x3f\0"s) + parts.data;
        parts.scan = single + single + single;
    });
    const std::string repeated = with([&](Parts& parts) {
        for (const char id : {'\1', '\2', '\3', '\1'})
            parts.between += segment('\xda', "\1"s + id + "\0\0\x3f\0"s) + parts.data;
        parts.scan.clear();
        parts.data.clear();
    });
    return {
        {"one id for all components", "CD", all_the_same, good},
        {"scans of one component, one of them again", "CDF", repeated, repeated},
        {"one id for all, scan by scan: two are never sent", "", one_by_one, none},
        {"two components", "", frame('\xc0', "\x08\0\x08\0\x08\x02\1\x11\0\2\x11\0"s), none},
        {"a sampling factor of 5", "", frame('\xc0', size + "\1\x51\0\2\x11\0\3\x11\0"s), none},
        {"a quantisation table that nobody has", "",
         frame('\xc0', size + "\1\x11\4\2\x11\0\3\x11\0"s), none},
        {"a frame header with an octet too many", "",
         frame('\xc0', size + "\1\x11\0\2\x11\0\3\x11\0\0"s), none},
        {"no height, with DNL", "", with([](Parts& parts) {
             parts.frame[5] = parts.frame[6] = '\0';
             parts.behind = segment('\xdc', "\0\x08"s);
         }),
         none},
        {"two frame headers", "F", between(Parts().frame), none},
        {"arithmetic coding", "D", frame('\xc9', size + "\1\x11\0\2\x11\0\3\x11\0"s), none},
        {"lossless", "F", frame('\xc3', size + "\1\x11\0\2\x11\0\3\x11\0"s), none},
    };
}

std::vector<Habit> tables() {
    const std::string direct = table(0, 0) + table(0, 1), others = table(1, 0) + table(1, 1);
    return {
        {"no Huffman tables", "CDF", huffman(""), good},
        {"no tables of AC coefficients", "CDF", huffman(direct), huffman(direct + others)},
        {"no tables of DC coefficients", "CDF", huffman(others), huffman(others + direct)},
        {"no tables of chrominance", "CDF", huffman(table(0, 0) + table(1, 0)),
         huffman(table(0, 0) + table(1, 0) + table(0, 1) + table(1, 1))},
        {"a Huffman segment without tables", "CDF", huffman(Parts().huffman + "\xff\xc4\0\2"s),
         huffman(Parts().huffman + "\xff\xc4\0\2"s)},
        {"a progressive picture without tables", "F", with([](Parts& parts) {
             parts.huffman.clear();
             parts.frame[1] = '\xc2';
         }),
         none},
        {"no quantisation table", "F", with([](Parts& parts) { parts.quantisation.clear(); }),
         none},
        {"a quantisation table of precision 2", "CD", with([](Parts& parts) {
             parts.quantisation = segment('\xdb', "\x20"s + std::string(128, '\1'));
         }),
         none},
        {"octets behind the last Huffman table", "", with([](Parts& parts) {
             parts.between = segment('\xc4', table(0, 0).substr(4) + "\0\0\0"s);
         }),
         none},
    };
}

CheckedJpeg allowing(const std::string& sent) {
    JpegLimits limits;
    limits.allow_truncated = true;
    return check_jpeg(std::as_bytes(std::span(sent)), limits);
}

std::string shown(const CheckedJpeg& checked) {
    std::string text;
    for (const auto piece : checked.pieces())
        text += text_of(piece);
    return text;
}

}  // namespace

TEST_SUITE("habits of writing JPEG") {
    TEST_CASE("what viewers show is shown, by the standard, and what harms them is refused") {
        for (const auto& habits : {between_segments(), scans(), components(), tables()}) {
            for (const Habit& habit : habits) {
                CAPTURE(habit.name);
                CAPTURE(habit.shown_by);
                const CheckedJpeg checked = check_jpeg(std::as_bytes(std::span(habit.sent)));
                CAPTURE(to_string(checked.error));
                CHECK(shown(checked) == habit.shown);
            }
        }
    }

    TEST_CASE("the size is limited by what a browser needs to show it") {
        const auto error_of = [](const std::string& width, const std::string& height) {
            const std::string sent =
                frame('\xc0', "\x08"s + height + width + "\x03\1\x11\0\2\x11\0\3\x11\0"s);
            return check_jpeg(std::as_bytes(std::span(sent))).error;
        };
        // The picture has too few octets for so many blocks, which is found at its end.
        CHECK(error_of("\x24\x20"s, "\x1b\x18"s) == JpegError::truncated);  // 9248 x 6936
        CHECK(error_of("\x3f\xc0"s, "\x2f\xd0"s) == JpegError::truncated);  // 16320 x 12240
        CHECK(error_of("\xff\xdc"s, "\0\x08"s) == JpegError::truncated);    // 65500 x 8
        CHECK(error_of("\xff\xdd"s, "\0\x08"s) == JpegError::bad_dimensions);
        CHECK(error_of("\x40\0"s, "\x40\1"s) == JpegError::bad_dimensions);  // 16384 x 16385
    }
}

TEST_SUITE("pictures without an end") {
    TEST_CASE("are given one where that is allowed, and are whole then") {
        const std::string cut = good.substr(0, good.size() - 2);
        CHECK(check_jpeg(std::as_bytes(std::span(cut))).error == JpegError::truncated);
        CHECK(shown(allowing(cut)) == good);
        CHECK(shown(allowing(cut + "\xff")) == good);
        CHECK(shown(allowing(cut + "\xff\xff")) == good);
        CHECK(shown(allowing(cut + good)) == good);
        CHECK(shown(allowing(cut + segment('\xfe', "comment").substr(0, 6))) == good);
        CHECK(shown(allowing(cut + segment('\xfe', "a") + "\0\0"s)) ==
              behind(segment('\xfe', "a")));
        CHECK(shown(allowing(good)) == good);
    }

    TEST_CASE("need a scan, and all of it that cannot be missing") {
        const Parts parts;
        const std::string head = parts.before + parts.quantisation + parts.frame + parts.huffman;
        for (std::size_t size = 0; size <= head.size() + parts.scan.size(); ++size)
            CHECK(allowing((head + parts.scan).substr(0, size)).error != JpegError::none);
        // Fill that is cut stands for nothing.
        CHECK(allowing(head + parts.scan + std::string(100, '\xff')).error == JpegError::truncated);
        // Broken is broken, with an end or without.
        CHECK(allowing(good.substr(0, good.size() - 2) + "\xff\x05\0\2"s).error ==
              JpegError::broken_segment);
    }
}

}  // namespace onlooker::media
