// Reads and changes the file of --users.
//
// It holds what lets people in, so it is only taken when nobody but its owner can read it (mode
// 0600 or 0400), and when its owner is the user who runs onlooker, or root. It is changed by
// writing a new file beside it and renaming that over it: at every moment there is a whole one. Two
// who change it at a time wait for each other, by a lock on its folder.
//
// Functions that block on the disk; any thread. They throw UsersFileError.
#pragma once

#include <functional>
#include <string>

#include "access/users_text.hpp"

namespace onlooker::access {

// The octets of the file, at most UsersText::longest_text.
std::string read_users_text(const std::string& path);

UsersText read_users_file(const std::string& path);

enum class IfMissing : bool { refuse, make };

// What edit_users_file() would begin with, and throws what that would: to find out before a person
// is asked for anything. Nothing is changed.
UsersText users_to_edit(const std::string& path, IfMissing if_missing);

// Reads it, lets `edit` change it, and writes it; all under the lock. What `edit` throws is passed
// on, and nothing is written then. Hashes are taken as they are, so that a bad one can be replaced.
// A file without a key for links gets one; revoked links that nobody needs to remember are left
// out. The owner and the mode of the file stay.
void edit_users_file(const std::string& path, IfMissing if_missing,
                     const std::function<void(UsersText&)>& edit);

}  // namespace onlooker::access
