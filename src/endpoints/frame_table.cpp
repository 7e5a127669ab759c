#include "endpoints/frame_table.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "endpoints/no_cache.hpp"

namespace onlooker::endpoints {

namespace {

using camera::FrameLog;

std::string captured_time(const FrameLog::Row& row) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(row.captured);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       (milliseconds - seconds).count());
}

void append_csv(std::string& text, const FrameLog::Row& row) {
    fmt::format_to(std::back_inserter(text), "{},{},{:.3f},{},{},{},{},{}\r\n", row.number,
                   captured_time(row), row.age_when_published / 1000.0, row.octets, row.viewers,
                   row.late, row.lost, row.same);
}

// The oldest rows give way to new ones while a slow client reads. `log` belongs to a camera, which
// whoever answers keeps as long as this.
template <typename Append>
http::TextGenerator oldest_first(const FrameLog& log, std::string before, Append append,
                                 std::string after) {
    const std::uint64_t end = log.end();
    co_yield before;
    std::string row;
    std::uint64_t position = log.begin();
    for (; (position = std::max(position, log.begin())) < end; ++position) {
        row.clear();
        append(row, position);
        co_yield row;
    }
    co_yield after;
}

// ---- the page ----

constexpr std::size_t rows_of_page = 500;

using Interval = std::chrono::system_clock::duration;

// What makes a frame odd.
class Oddness {
  public:
    explicit Oddness(const FrameLog& log) : log_(log), usual_(usual_interval(log)) {}

    // Nothing for a frame as it should be.
    std::string words(std::uint64_t position) const {
        const FrameLog::Row& row = log_.at(position);
        std::string words;
        const auto add = [&words](const std::string& more) {
            words += (words.empty() ? "" : ", ") + more;
        };
        if (row.lost > 0)
            add(fmt::format("{} lost before", row.lost));
        if (row.late > 0)
            add(fmt::format("{} late", row.late));
        if (const Interval gap = interval_before(log_, position);
            usual_ > Interval(0) && gap > 2 * usual_ && row.same == 0)
            add(fmt::format("gap of {:.2f} s", std::chrono::duration<double>(gap).count()));
        return words;
    }

  private:
    // Zero for the first frame that is there.
    static Interval interval_before(const FrameLog& log, std::uint64_t position) {
        return position > log.begin() ? log.at(position).captured - log.at(position - 1).captured
                                      : Interval(0);
    }

    // The median of the last ones: neither a pause nor a burst changes it.
    static Interval usual_interval(const FrameLog& log) {
        std::vector<Interval> intervals;
        for (std::uint64_t position = first_of_last(log); position < log.end(); ++position)
            intervals.push_back(interval_before(log, position));
        if (intervals.empty())
            return Interval(0);
        const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
        std::ranges::nth_element(intervals, middle);
        return *middle;
    }

    static std::uint64_t first_of_last(const FrameLog& log) {
        return std::max(log.begin(), log.end() - std::min(log.end(), std::uint64_t{rows_of_page}));
    }

    const FrameLog& log_;
    Interval usual_;
};

void append_html(std::string& text, const FrameLog::Row& row, std::string_view odd) {
    fmt::format_to(std::back_inserter(text),
                   "<tr{}><td>{}<td>{}<td>{}<td>{:.3f}<td>{}<td>{}<td>{}<td>{}<td>{}\n",
                   odd.empty() ? "" : " class=\"odd\"", row.number, odd, captured_time(row),
                   row.age_when_published / 1000.0, row.octets, row.viewers, row.late, row.lost,
                   row.same);
}

// The last rows, or the last odd ones. An empty text for each row that is left out: whoever takes
// them counts those too, so that a search through the whole log does not hold the loop.
http::TextGenerator newest_first(const FrameLog& log, std::string before, bool only_odd,
                                 std::string after) {
    const Oddness oddness(log);
    co_yield before;
    std::string row;
    std::size_t rows = 0;
    for (std::uint64_t position = log.end(); position > log.begin() && rows < rows_of_page;
         --position) {
        row.clear();
        const std::string odd = oddness.words(position - 1);
        if (!only_odd || !odd.empty()) {
            append_html(row, log.at(position - 1), odd);
            ++rows;
        }
        co_yield row;
    }
    if (rows == 0)
        co_yield "<tr><td colspan=\"9\">None.\n";
    co_yield after;
}

std::string_view shown_rows(bool all, bool odd) {
    if (all)
        return "All frames in the log, oldest first.";
    return odd ? "The last 500 odd frames, newest first." : "The last 500 frames, newest first.";
}

// A camera's name holds nothing that HTML gives a meaning.
std::string head_of_page(const FrameLog& log, std::string_view camera_name, std::string_view root,
                         bool all, bool odd) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<title>Frames of {0} - onlooker</title>\n"
        "<link rel=\"stylesheet\" href=\"{1}style.css\">\n"
        "<main class=\"frames\">\n<h1>Frames of {0}</h1>\n"
        "<nav><a href=\"{1}\">Picture</a> <a href=\"./frames\">Last frames</a> "
        "<a href=\"./frames?odd=1\">Odd frames</a> "
        "<a href=\"./frames?all=1\">All {2} frames</a> <a href=\"./frames.csv\">CSV</a></nav>\n"
        "<p>{3} Odd: frames were lost before it, viewers were still busy with an older one (late), "
        "or it came after more than twice the usual time (gap). Age: from capture until viewers "
        "were woken. Same: pictures before it that showed nothing new, and were held back.</p>\n"
        "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr><th>Number<th>Odd"
        "<th>Captured (UTC)<th>Age, "
        "ms<th>Octets<th>Viewers<th>Late<th>Lost<th>Same</thead>\n<tbody>\n",
        camera_name, root, log.end() - log.begin(), shown_rows(all, odd));
}

}  // namespace

http::Response frames_csv(const FrameLog& log) {
    http::Response response;
    response.with("Content-Type", "text/csv; charset=utf-8; header=present");
    add_no_cache(response);
    response.body = oldest_first(
        log,
        "number,captured,age_when_published_ms,octets,viewers,late_viewers,lost_before,same_"
        "before\r\n",
        [&log](std::string& text, std::uint64_t position) { append_csv(text, log.at(position)); },
        "");
    return response;
}

http::Response frames_page(const FrameLog& log, std::string_view camera_name,
                           const http::Request& request) {
    const bool all = request.query.get("all") == "1";
    const bool odd = request.query.get("odd") == "1";
    http::Response response;
    response.with("Content-Type", "text/html; charset=utf-8");
    add_no_cache(response);
    std::string before = head_of_page(log, camera_name, request.root, all, odd);
    std::string after = "</tbody>\n</table>\n</div>\n</main>\n</html>\n";
    if (all)
        response.body = oldest_first(
            log, std::move(before),
            [&log, oddness = Oddness(log)](std::string& text, std::uint64_t position) {
                append_html(text, log.at(position), oddness.words(position));
            },
            std::move(after));
    else
        response.body = newest_first(log, std::move(before), odd, std::move(after));
    return response;
}

}  // namespace onlooker::endpoints
