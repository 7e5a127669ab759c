#include "tally.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace onlooker::bench {
namespace {

using Json = nlohmann::ordered_json;

// `share` 0.99 is the 99th percentile. Sorts.
double percentile(std::vector<std::uint32_t>& values, double share) {
    if (values.empty())
        return 0;
    const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), at, values.end());
    return *at / 1000.0;
}

Json percentiles(std::vector<std::uint32_t> microseconds) {
    return {{"p50", percentile(microseconds, 0.5)},
            {"p99", percentile(microseconds, 0.99)},
            {"max", percentile(microseconds, 1)}};
}

double ratio(double dividend, double divisor) {
    return divisor > 0 ? dividend / divisor : 0;
}

// The mean age of the viewer who is served worst, in terms of the mean age of all: 1 when everybody
// has each place in the row equally often.
double worst_mean_age_ratio(const std::vector<ViewerTally*>& viewers) {
    double all = 0;
    double worst = 0;
    std::uint64_t frames = 0;
    for (const ViewerTally* viewer : viewers) {
        const auto sum = static_cast<double>(viewer->age_sum);
        all += sum;
        frames += viewer->frames;
        worst = std::max(worst, ratio(sum, static_cast<double>(viewer->frames)));
    }
    return ratio(worst, ratio(all, static_cast<double>(frames)));
}

Json server_part(const Tally::Surroundings& around, double frames, double seconds,
                 std::size_t viewers) {
    const auto& [begin, end] = std::pair(around.begin, around.end);
    const auto cpu = static_cast<double>(end.cpu - begin.cpu);
    const auto cpu_main = static_cast<double>(end.cpu_main - begin.cpu_main);
    const auto grown = static_cast<double>(end.own - around.own_before);
    return {{"cpu_us_per_frame_and_viewer", ratio(cpu, frames * 1000)},
            {"loop_us_per_frame_and_viewer", ratio(cpu_main, frames * 1000)},
            {"cpu_share", cpu / 1e9 / seconds},
            {"resident", end.resident},
            {"private", end.own},
            {"private_per_viewer", viewers > 1 ? grown / static_cast<double>(viewers - 1) : 0},
            {"private_growth_in_window", end.own - around.own_begin},
            {"voluntary_switches_per_second",
             static_cast<double>(end.voluntary_switches - begin.voluntary_switches) / seconds},
            {"involuntary_switches_per_second",
             static_cast<double>(end.involuntary_switches - begin.involuntary_switches) / seconds}};
}

}  // namespace

void Tally::picture(ViewerTally& viewer, const Stamp& stamp, Nanoseconds now) {
    if (viewer.first_picture == 0)
        viewer.first_picture = now;
    const bool repeated = stamp.sequence <= viewer.last_sequence;
    viewer.last_sequence = std::max(viewer.last_sequence, stamp.sequence);
    if (begin_ == 0 || stamp.captured < begin_ || stamp.captured >= end_)
        return;
    if (repeated) {
        ++viewer.repeated;
        repeated_octets_ += stamp.picture_size;
        return;
    }
    ++viewer.frames;
    octets_ += stamp.picture_size;
    viewer.age_sum += now - stamp.captured;
    ages_.push_back(static_cast<std::uint32_t>((now - stamp.captured) / 1000));
    if (first_sequence_ == 0 || stamp.sequence < first_sequence_)
        first_sequence_ = stamp.sequence;
    last_sequence_ = std::max(last_sequence_, stamp.sequence);
}

std::string Tally::report(const std::vector<ViewerTally*>& viewers,
                          const Surroundings& around) const {
    const double seconds = static_cast<double>(end_ - begin_) / 1e9;
    const std::uint64_t made = last_sequence_ == 0 ? 0 : last_sequence_ - first_sequence_ + 1;
    std::uint64_t frames = 0;
    std::uint64_t repeated = 0;
    std::uint64_t worst = viewers.empty() ? 0 : made;
    unsigned complete = 0;
    std::vector<std::uint32_t> to_first;
    for (const ViewerTally* viewer : viewers) {
        frames += viewer->frames;
        repeated += viewer->repeated;
        worst = std::min(worst, viewer->frames);
        complete += viewer->frames == made;
        if (viewer->first_picture != 0)
            to_first.push_back(
                static_cast<std::uint32_t>((viewer->first_picture - viewer->connected) / 1000));
    }
    const auto count = static_cast<double>(viewers.size());
    const std::size_t got_a_picture = to_first.size();
    const Json report = {
        {"viewers", viewers.size()},
        {"not_reading", around.not_reading},
        {"slow", around.slow},
        {"seconds", seconds},
        {"frames_made", made},
        {"fps_mean", ratio(static_cast<double>(frames), count * seconds)},
        {"fps_worst", static_cast<double>(worst) / seconds},
        {"missed", made * viewers.size() - frames},
        {"missed_share", 1 - ratio(static_cast<double>(frames), static_cast<double>(made) * count)},
        {"missed_worst", made - worst},
        {"complete_viewers", complete},
        {"repeated", repeated},
        {"closed", around.closed},
        {"age_ms", percentiles(ages_)},
        {"worst_mean_age_ratio", worst_mean_age_ratio(viewers)},
        {"counted", around.counted},
        {"first_picture_ms", percentiles(std::move(to_first))},
        {"without_picture", viewers.size() - got_a_picture},
        {"octets_per_second", static_cast<double>(octets_) / seconds},
        {"repeated_octets_per_second", static_cast<double>(repeated_octets_) / seconds},
        // Only what is new to the viewer is divided by: who sends a frame twice pays for both.
        {"server", server_part(around, static_cast<double>(frames), seconds,
                               viewers.size() + around.not_reading + around.slow)},
        {"load_cpu_share", static_cast<double>(around.load_cpu) / 1e9 / seconds},
    };
    return report.dump();
}

}  // namespace onlooker::bench
