#include "process_watch.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace onlooker::bench {
namespace {

// Calls `each(name, number)` for every line of the form "Name:   123 ...".
template <typename Each>
void for_each_number(const std::filesystem::path& file, Each each) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        const auto colon = line.find(':');
        const auto digit = line.find_first_of("0123456789", colon);
        if (colon != std::string::npos && digit != std::string::npos && digit < colon + 20)
            each(line.substr(0, colon), std::strtoll(line.c_str() + digit, nullptr, 10));
    }
}

void add_thread(ProcessReading& reading, const std::filesystem::path& thread, bool is_main) {
    Nanoseconds cpu = 0;
    std::ifstream(thread / "schedstat") >> cpu;
    reading.cpu += cpu;
    if (is_main)
        reading.cpu_main = cpu;
    for_each_number(thread / "status", [&](const std::string& name, std::int64_t number) {
        if (name == "voluntary_ctxt_switches")
            reading.voluntary_switches += number;
        else if (name == "nonvoluntary_ctxt_switches")
            reading.involuntary_switches += number;
    });
}

}  // namespace

ProcessReading read_process(pid_t process, bool with_memory) {
    const std::string id = std::to_string(process);
    const auto folder = std::filesystem::path("/proc") / id;
    std::error_code error;
    ProcessReading reading;
    for (const auto& thread : std::filesystem::directory_iterator(folder / "task", error))
        add_thread(reading, thread.path(), thread.path().filename() == id);
    if (error)
        throw std::runtime_error("process " + id + ": " + error.message());
    if (!with_memory)
        return reading;
    for_each_number(folder / "smaps_rollup", [&](const std::string& name, std::int64_t kilobytes) {
        if (name == "Rss")
            reading.resident = kilobytes * 1024;
        else if (name == "Private_Clean" || name == "Private_Dirty")
            reading.own += kilobytes * 1024;
    });
    return reading;
}

}  // namespace onlooker::bench
