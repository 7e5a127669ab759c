// The text that Prometheus reads: its own format 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/) or OpenMetrics 1.0
// (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md).
//
// Written here and not by prometheus-cpp: that library (1.0 in Debian) knows no OpenMetrics, and
// its registry keeps a second copy of every number, behind a lock, that must be brought up to date.
// Here all numbers are kept anyway and are read when they are asked for, so of the library no more
// than its writer would be used, which is the part that lacks something.
//
//     text.family("onlooker_viewers", Type::gauge, "Streams that are being watched.");
//     text.add({{"camera", "yard"}}, 3);
//
// Owner: whoever writes. Thread: one at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/histogram.hpp"

namespace onlooker::api {

class Exposition {
  public:
    enum class Format : std::uint8_t { prometheus, open_metrics };
    enum class Type : std::uint8_t { counter, gauge, histogram, info };
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit Exposition(Format format) : format_(format) {}

    // What follows is of this family, until the next. `name` without the "_total" of a counter and
    // the "_info" of an info.
    void family(std::string_view name, Type type, std::string_view help);
    void add(Labels labels, double value);
    void add(Labels labels, const Histogram& histogram);

    std::string finish() &&;

  private:
    void line(std::string_view suffix, Labels labels, std::string_view bound, double value);

    Format format_;
    std::string text_;
    std::string name_;
    Type type_ = Type::gauge;
};

// By the Accept of a request.
Exposition::Format format_for(std::string_view accept) noexcept;
std::string_view content_type(Exposition::Format format) noexcept;

}  // namespace onlooker::api
