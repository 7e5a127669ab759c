#include "arguments.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace onlooker::bench {

Arguments::Arguments(int count, char** values, std::string_view usage) {
    if (count == 2 && std::string_view(values[1]) == "--help") {
        std::fwrite(usage.data(), 1, usage.size(), stdout);
        std::exit(EXIT_SUCCESS);
    }
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = values[i];
        if (!name.starts_with("--") || i + 1 >= count)
            throw std::invalid_argument(std::string(name) + ": expected --name value, or --help");
        values_[std::string(name.substr(2))] = {.text = values[i + 1], .used = false};
    }
}

std::string Arguments::text(std::string_view name, std::string_view fallback) {
    const auto found = values_.find(name);
    if (found == values_.end())
        return std::string(fallback);
    found->second.used = true;
    return found->second.text;
}

double Arguments::number(std::string_view name, double fallback) {
    const std::string value = text(name, "");
    if (value.empty())
        return fallback;
    std::size_t used = 0;
    double number = NAN;
    try {
        number = std::stod(value, &used);
    } catch (const std::logic_error&) {
        used = 0;
    }
    if (used != value.size() || !std::isfinite(number) || number < 0)
        throw std::invalid_argument("--" + std::string(name) + " " + value +
                                    ": expected a number that is not negative");
    return number;
}

std::int64_t Arguments::integer(std::string_view name, std::int64_t fallback) {
    return static_cast<std::int64_t>(number(name, static_cast<double>(fallback)));
}

bool Arguments::flag(std::string_view name, bool fallback) {
    const std::string value = text(name, fallback ? "on" : "off");
    if (value != "on" && value != "off")
        throw std::invalid_argument("--" + std::string(name) + " " + value +
                                    ": expected on or off");
    return value == "on";
}

void Arguments::expect_no_others() const {
    for (const auto& [name, value] : values_) {
        if (!value.used)
            throw std::invalid_argument("--" + name + ": no such option");
    }
}

}  // namespace onlooker::bench
