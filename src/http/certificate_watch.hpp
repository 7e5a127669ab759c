// Keeps the certificate of a server that speaks TLS up to date: looks at its two files once a
// minute, and reads them again when they have changed or when it is told to.
//
// A pair that cannot be used leaves the one in force where it is; why is in the log once, and in
// problem() until a good pair is there. Connections that are open keep what they began with.
//
// Owner: Server; its coroutine is a task of a group. Thread: the loop. Errors: the constructor
// throws std::runtime_error with words for the user; nothing else does.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/awaitable.hpp"
#include "base/task_group.hpp"
#include "http/wire/tls_context.hpp"

namespace onlooker::http {

class CertificateWatch final : public TaskGroup::Member {
  public:
    using WallTime = std::chrono::sys_seconds;

    CertificateWatch(const Executor& executor, std::string certificate, std::string key);

    // For new connections.
    TlsContext& context() noexcept { return *context_; }

    // Reads both files now. False when they cannot be used.
    bool reload();
    // The same if they are no longer those that were read last; and warns, once a day, of a
    // certificate that has less than two weeks.
    void check(WallTime now);

    // What is wrong with the files that were read last; empty: nothing.
    const std::string& problem() const noexcept { return problem_; }
    // Of the certificate in force.
    WallTime expires() const { return context_->expires(); }

    // Checks once a minute until it is told to leave.
    Awaitable<> run();
    void leave() override;
    void abort() override { leave(); }

  private:
    // What stat(2) says of a file; it differs when the file was replaced or written.
    struct Version {
        dev_t device = 0;
        ino_t inode = 0;
        std::int64_t seconds = 0;
        std::int64_t nanoseconds = 0;
        bool operator==(const Version&) const = default;
    };
    using Versions = std::array<std::optional<Version>, 2>;  // nothing: no such file

    static std::optional<Version> version_of(const std::string& path) noexcept;
    Versions versions() const noexcept { return {version_of(certificate_), version_of(key_)}; }
    void tell_expiry(WallTime now);

    std::string certificate_;
    std::string key_;
    Versions read_;
    std::unique_ptr<TlsContext> context_;
    std::string problem_;
    std::optional<std::chrono::days> told_left_;
    Timer pause_;
    bool stopped_ = false;
};

}  // namespace onlooker::http
