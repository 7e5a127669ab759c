// A command line as people keep it, in a script or in a unit, cut into words.
//
// Quotes and backslashes are those of a shell: '...' takes all as it is, in "..." a backslash
// stands before " and \ alone, elsewhere it makes the next octet plain. A backslash at the end of a
// line joins it to the next one, also with blanks or a comment behind it. A '#' at the start of a
// word, or a ';' at the start of a line, begins a comment (systemd.service(5)). Nothing is
// expanded: a $NAME, a %I and a * stay as they are.
//
// Pure; any thread. Errors: ConfigError, which repeats nothing that stands in quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onlooker::importing {

std::vector<std::string> split_words(std::string_view text);

// What `text` starts, where it is a unit of systemd's: the value of its ExecStart=, without the
// signs before the program (systemd.service(5), "Special executable prefixes"). Else `text` itself.
std::string_view command_of(std::string_view text);

// At blanks alone, as mjpg-streamer cuts what stands behind -i and -o.
std::vector<std::string> split_at_blanks(std::string_view text);

}  // namespace onlooker::importing
