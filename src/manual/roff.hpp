// Text for a page of man(7).
//
// What is meant literally is set in bold, as man-pages(7) has it: options (words that begin with
// `--`) and what stands between `backticks`.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace onlooker::manual {

// `text` without a meaning for roff: what is typed can be copied out of the page.
std::string roff_escaped(std::string_view text);

// A paragraph, in lines of a length that is good to read in the source.
std::string roff_paragraph(std::string_view text);

std::string roff_bold(std::string_view text);

// "[NAME=]DRIVER": words in capitals in italics, the rest as it is.
std::string roff_placeholder(std::string_view text);

// An entry of a list: what it is about, which is roff already, and its explanation.
std::string roff_entry(std::string_view term, std::string_view explanation);

}  // namespace onlooker::manual
