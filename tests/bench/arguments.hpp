// Command lines of the bench programs: `--name value`, `--help`, and nothing else. They are mostly
// written by the runner, so all that is asked of this is that a slip of the pen does not go
// unnoticed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace onlooker::bench {

class Arguments {
  public:
    // Throws std::invalid_argument for anything that is not `--name value`. `--help` alone prints
    // `usage` and ends the program.
    Arguments(int count, char** values, std::string_view usage);

    std::string text(std::string_view name, std::string_view fallback);
    double number(std::string_view name, double fallback);
    std::int64_t integer(std::string_view name, std::int64_t fallback);
    bool flag(std::string_view name, bool fallback);  // on, off

    // After all have been asked for: throws std::invalid_argument naming one nobody asked for.
    void expect_no_others() const;

  private:
    struct Value {
        std::string text;
        bool used = false;
    };
    std::map<std::string, Value, std::less<>> values_;
};

}  // namespace onlooker::bench
