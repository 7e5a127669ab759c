// What this machine is called: its host name, whole and its first label; that label under .local,
// as mDNS announces it, and under each domain that the resolver searches; and what stands beside it
// in /etc/hosts. Nothing is looked up in the network.
//
// Thread: any.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker::http {

// In lower case. What cannot be read is left out.
std::vector<std::string> names_of_this_machine();

// Names for a machine called `host_name` whose resolv.conf and hosts are in the folder `etc`.
std::vector<std::string> machine_names(std::string_view host_name,
                                       const std::filesystem::path& etc);

// The addresses of its interfaces, but those that are good on one link only (fe80::).
std::vector<std::string> addresses_of_this_machine();

}  // namespace onlooker::http
