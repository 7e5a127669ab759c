// Where the entropy-coded data of a JPEG's scan ends (T.81, B.1.1.5).
//
// In it an FF is followed by a stuffed zero or by the code of a restart marker; by anything else,
// it is the marker behind the data, before which more FF may stand as fill.
//
// Most octets of a picture are of this kind, and are looked at for this alone. Going from one FF to
// the next with memchr() costs a mispredicted branch for many of them, and cameras send pictures
// with two thousand restart markers. So where the processor has vector registers, whole blocks are
// judged without a branch, and memchr() looks only into what is left.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <span>

namespace onlooker::media::jpeg {

// The place of the FF before the marker's code, at or behind `at`. Without a marker: the end of the
// picture, or of the FF that ends it.
std::size_t end_of_entropy_coded(std::span<const std::byte> picture, std::size_t at) noexcept;

}  // namespace onlooker::media::jpeg
