#include "manual/regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace onlooker::manual {

namespace {

constexpr std::string_view end_name = "end";

// The name that a line has between its brackets, where it is nothing but a comment with one.
std::string_view region_name(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(' ');
    line.remove_prefix(std::min(begin, line.size()));
    for (const std::string_view comment : {".\\\" [", "# ["}) {
        if (line.starts_with(comment) &&
            line.find_first_of("[]", comment.size()) == line.size() - 1)
            return line.substr(comment.size(), line.size() - comment.size() - 1);
    }
    return {};
}

class Reader {
  public:
    Reader(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

    bool at_end() const { return rest_.empty(); }
    std::string_view line() {
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        ++number_;
        return line;
    }
    [[noreturn]] void fail(std::string_view words) const {
        throw std::runtime_error(fmt::format("{}:{}: {}", file_, number_, words));
    }

  private:
    std::string_view rest_;
    std::string_view file_;
    std::size_t number_ = 0;
};

// What stands in the region now; takes the line of its end, too.
std::string region(Reader& reader, std::string_view name) {
    std::string lines;
    while (!reader.at_end()) {
        const std::string_view line = reader.line();
        const std::string_view next = region_name(line);
        if (next == end_name)
            return lines;
        if (!next.empty())
            reader.fail(fmt::format("[{}] begins before [{}] has its [end]", next, name));
        lines += fmt::format("{}\n", line);
    }
    reader.fail(fmt::format("[{}] has no [end]", name));
}

}  // namespace

std::string with_regions(std::string_view text, std::string_view file, const MakeRegion& make) {
    std::string result;
    Reader reader(text, file);
    while (!reader.at_end()) {
        const std::string_view line = reader.line();
        result += fmt::format("{}\n", line);
        const std::string_view name = region_name(line);
        if (name.empty())
            continue;
        if (name == end_name)
            reader.fail("an [end] of nothing");
        const std::string now = region(reader, name);
        result += make(name).value_or(now);
        result += fmt::format("{}[{}]\n", line.substr(0, line.find('[')), end_name);
    }
    return result;
}

}  // namespace onlooker::manual
