// What a program that root has started gives up before it serves anybody.
//
// Owner and thread: main, before the cameras open. Errors: std::runtime_error in words.
#pragma once

#include <string>

namespace onlooker::app {

// No program that this one might start, or be made to start, gets more rights than this one has.
void give_up_new_privileges() noexcept;

// Root becomes `user` for good, in that user's groups and those of camera devices (video, render).
// Nobody named: root becomes the user "onlooker" where there is one, as packages make it, and
// otherwise stays root and says so in the log. "root" stays root and says nothing. For anybody but
// root a name that is another's is an error.
//
// Sockets below port 1024 are bound before it, and files that only root may read are read before
// it; they are not read again.
void give_up_root(const std::string& user);

// Why this process may not read the file, and what to do, for files that are read once more when
// they change. Empty when it may; and when there is no file.
std::string unreadable_words(const std::string& file);

}  // namespace onlooker::app
