#include "access/password_worker.hpp"

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include <atomic>
#include <cassert>
#include <chrono>
#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "access/bucket.hpp"
#include "access/passwords.hpp"
#include "base/logging.hpp"
#include "base/thread_priority.hpp"

namespace onlooker::access {

// Belongs to whoever waits; the thread has it in between.
struct PasswordWorker::Job {
    Job(Executor loop, Secret tried, std::string compared)
        : password(std::move(tried)),
          hash(std::move(compared)),
          done(loop, Timer::time_point::max()) {}

    Secret password;
    std::string hash;
    std::optional<bool> matched;
    Timer done;
};

struct PasswordWorker::State : std::enable_shared_from_this<State> {
    State(Executor loop_executor, Settings chosen)
        : loop(loop_executor),
          settings(std::move(chosen)),
          // What comes at once counts, so that in no second there are more.
          rate{.at_once = static_cast<unsigned>(settings.queue + 1),
               .interval = SteadyClock::duration(std::chrono::seconds(1)) /
                           (settings.per_second - static_cast<unsigned>(settings.queue + 1))} {
        jobs.reserve(settings.queue + 1);
    }

    bool admit() {
        const SteadyTime now = settings.now();
        if (closed || jobs.size() > settings.queue || bucket.wait(rate, now).count() > 0)
            return false;
        bucket.take(rate, now);
        return true;
    }

    std::optional<bool> compute(const Job& job) const noexcept {
        if (closed)
            return std::nullopt;
        try {
            return settings.matches(job.password, job.hash);
        } catch (const std::exception& error) {
            logging::error("cannot check a password: {}", error.what());
            return std::nullopt;
        }
    }

    // On the thread.
    void serve(const std::shared_ptr<Job>& job) {
        const auto matched = compute(*job);
        while (true) {
            try {
                asio::post(loop, [self = shared_from_this(), job, matched] {
                    self->deliver(*job, matched);
                });
                return;
            } catch (const std::bad_alloc&) {
                // Somebody waits for it.
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }
        }
    }

    void deliver(Job& job, std::optional<bool> matched) {
        std::erase_if(jobs, [&](const auto& other) { return other.get() == &job; });
        job.matched = matched;
        job.done.cancel();
    }

    Executor loop;
    Settings settings;
    Bucket::Rate rate;
    Bucket bucket;
    std::vector<std::shared_ptr<Job>> jobs;  // that the thread has, or waits for it
    std::atomic<bool> closed = false;
};

PasswordWorker::PasswordWorker(Executor loop) : PasswordWorker(loop, Settings()) {}

PasswordWorker::PasswordWorker(Executor loop, Settings settings) {
    assert(settings.per_second > settings.queue + 1);
    if (!settings.matches)
        settings.matches = &access::matches;
    state_ = std::make_shared<State>(loop, std::move(settings));
}

PasswordWorker::~PasswordWorker() {
    close();
    if (thread_)
        thread_->join();
}

bool PasswordWorker::start_thread() {
    if (thread_)
        return true;
    try {
        thread_ = std::make_unique<asio::thread_pool>(1);
    } catch (const std::system_error& error) {
        logging::error("cannot check a password: no thread can be started: {}", error.what());
        return false;
    }
    asio::post(*thread_, &give_way_to_the_loop);
    return true;
}

Awaitable<std::optional<bool>> PasswordWorker::check(Secret password, std::string hash) {
    if (!state_->admit() || !start_thread())
        co_return std::nullopt;
    const auto job = std::make_shared<Job>(state_->loop, std::move(password), std::move(hash));
    asio::post(*thread_, [state = state_, job] { state->serve(job); });
    state_->jobs.push_back(job);
    co_await job->done.async_wait(as_result);
    co_return job->matched;
}

void PasswordWorker::close() {
    state_->closed = true;
    for (const auto& job : state_->jobs)
        job->done.cancel();
}

}  // namespace onlooker::access
