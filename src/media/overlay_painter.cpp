#include "media/overlay_painter.hpp"

namespace onlooker::media {

struct OverlayPainter::Parts {};

OverlayPainter::OverlayPainter() = default;
OverlayPainter::~OverlayPainter() = default;

void OverlayPainter::paint(Planes&, const Overlay&, const Subject&) {}

std::string OverlayPainter::check(const Overlay&) {
    return {};
}

}  // namespace onlooker::media
