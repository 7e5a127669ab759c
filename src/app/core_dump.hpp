// What the kernel may write down of this process's memory.
#pragma once

namespace onlooker::app {

// No core dump, and no reading of our memory by other processes of the same user: it holds a key,
// passwords that are being compared, and the marks of sessions. Somebody who debugs onlooker runs
// it without logins and TLS.
void forbid_core_dumps() noexcept;

}  // namespace onlooker::app
