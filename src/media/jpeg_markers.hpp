// The second octet of a JPEG's markers; the first is FF (ITU-T T.81, table B.1).
#pragma once

#include <cstdint>

namespace onlooker::media::jpeg {

enum Marker : std::uint8_t {
    stuffed = 0x00,  // no marker: an FF of the entropy-coded data
    tem = 0x01,
    sof0 = 0xc0,
    sof2 = 0xc2,
    dht = 0xc4,
    jpg = 0xc8,
    dac = 0xcc,
    sof15 = 0xcf,
    rst0 = 0xd0,
    rst7 = 0xd7,
    soi = 0xd8,
    eoi = 0xd9,
    sos = 0xda,
    dqt = 0xdb,
    dnl = 0xdc,
    dri = 0xdd,
    dhp = 0xde,
    expand = 0xdf,  // EXP
    app0 = 0xe0,
    app1 = 0xe1,
    app2 = 0xe2,
    app15 = 0xef,
    com = 0xfe,
    fill = 0xff,  // any number of them may precede a marker
};

constexpr bool is_restart(unsigned code) noexcept {
    return code >= rst0 && code <= rst7;
}

// What says something about the picture, and is not needed to decode it.
constexpr bool is_application(unsigned code) noexcept {
    return (code >= app0 && code <= app15) || code == com;
}

}  // namespace onlooker::media::jpeg
