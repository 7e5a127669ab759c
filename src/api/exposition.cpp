#include "api/exposition.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

namespace onlooker::api {

namespace {

using Type = Exposition::Type;

std::string_view word_for(Type type, Exposition::Format format) noexcept {
    switch (type) {
        case Type::counter:
            return "counter";
        case Type::histogram:
            return "histogram";
        case Type::info:
            return format == Exposition::Format::open_metrics ? "info" : "gauge";
        case Type::gauge:
            break;
    }
    return "gauge";
}

std::string_view suffix_of(Type type) noexcept {
    return type == Type::counter ? "_total" : type == Type::info ? "_info" : "";
}

void add_escaped(std::string& text, std::string_view value) {
    for (const char c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '"' || c == '\\')
            text.append("\\").push_back(c);
        else
            text += c;
    }
}

// OpenMetrics wants a point in the number of a bound.
std::string bound_text(double bound) {
    std::string text = fmt::format("{}", bound);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

}  // namespace

void Exposition::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    type_ = type;
    // There the family of a counter has the name without "_total".
    const std::string_view suffix =
        format_ == Format::open_metrics ? std::string_view() : suffix_of(type);
    fmt::format_to(std::back_inserter(text_), "# HELP {0}{1} {2}\n# TYPE {0}{1} {3}\n", name,
                   suffix, help, word_for(type, format_));
}

void Exposition::line(std::string_view suffix, Labels labels, std::string_view bound,
                      double value) {
    text_.append(name_).append(suffix);
    char before = '{';
    for (const auto& [label, its_value] : labels) {
        text_.append(1, before).append(label).append("=\"");
        add_escaped(text_, its_value);
        text_ += '"';
        before = ',';
    }
    if (!bound.empty()) {
        text_.append(1, before).append("le=\"").append(bound).append("\"");
        before = ',';
    }
    text_ += before == ',' ? "} " : " ";
    fmt::format_to(std::back_inserter(text_), "{}\n", value);
}

void Exposition::add(Labels labels, double value) {
    line(suffix_of(type_), labels, {}, value);
}

void Exposition::add(Labels labels, const Histogram& histogram) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
        below += histogram.counts()[i];
        line("_bucket", labels, bound_text(Histogram::bounds[i]), static_cast<double>(below));
    }
    const auto all = static_cast<double>(histogram.count());
    line("_bucket", labels, "+Inf", all);
    line("_sum", labels, {}, histogram.sum());
    line("_count", labels, {}, all);
}

std::string Exposition::finish() && {
    if (format_ == Format::open_metrics)
        text_ += "# EOF\n";
    return std::move(text_);
}

Exposition::Format format_for(std::string_view accept) noexcept {
    return accept.find("application/openmetrics-text") != std::string_view::npos
               ? Exposition::Format::open_metrics
               : Exposition::Format::prometheus;
}

std::string_view content_type(Exposition::Format format) noexcept {
    return format == Exposition::Format::open_metrics
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace onlooker::api
