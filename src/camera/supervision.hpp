// Decides when a camera is opened, closed and tried again. Pure logic: events and times go in,
// orders come out, nothing is waited for and nobody is called.
//
//               a viewer comes                first frame
//       idle ------------------> starting ------------------> live <-----------+
//        ^                          |  ^                       |  ^            | a viewer comes
//        |                          |  |          the last one |  |            |
//        | idle time over           |  | retry         leaves  v  |            |
//        +--------------------------|--|------------------- lingering ---------+
//        |                          v  |                       |
//        +---------------------- faulted <---------------------+
//            idle time over          error, stall, end
//
// Whether the driver runs is a second thing beside the state: after a stall the camera
// is faulted while its driver is still being stopped. A driver that does not stop in time is
// abandoned, and another one is made in its place, a few times at most.
//
// A fault does not hide a good picture: that stays on show, and a card takes its place only at the
// stall time, or at once when the camera is known to be gone (unplugged).
//
// Trying again: the wait doubles from try to try, whoever comes and goes meanwhile, and is short
// again once pictures have come for a while, or when the device appears. A login that was refused
// has its own, longer waits, which a new viewer does not cut short either.
//
// Owner and thread: the camera, on the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "camera/fault.hpp"

namespace onlooker::camera {

class Supervision {
  public:
    enum class State : std::uint8_t { idle, starting, live, lingering, faulted };

    struct Settings {
        std::chrono::milliseconds idle_after{10'000};  // closed this long after the last viewer
        bool always_on = false;                        // never closed
        double nominal_rate = 0;                       // frames per second; 0: unknown
        std::chrono::milliseconds first_frame_within{10'000};
        std::chrono::milliseconds stall_at_least{2'000};
        int stall_frames = 5;  // a stall is this many frame times without a frame
        std::chrono::milliseconds retry_first{500};
        std::chrono::milliseconds retry_last{30'000};
        // At most, while there is no signal from the beginning.
        std::chrono::milliseconds retry_no_signal{1'000};
        // After a refused login. Hikvision's cameras lock an account for 30 minutes after five to
        // seven wrong ones, and count from the last one on.
        std::chrono::milliseconds retry_login_first{30'000};
        std::chrono::milliseconds retry_login_last{480'000};
        // Pictures for so long, and the next fault begins with the shortest wait.
        std::chrono::milliseconds healthy_after{5'000};
        // For so long nobody looked, and what failed before is forgotten.
        std::chrono::milliseconds forget_after{60'000};
        std::chrono::milliseconds stop_within{5'000};  // then the driver is abandoned
        int drivers_at_most = 4;  // after this many were abandoned the camera is given up
        // Between two tries at least, however often the device appears.
        std::chrono::milliseconds retry_apart{200};
        std::chrono::milliseconds starting_card_after{2'000};
        std::uint32_t jitter_seed = 1;
    };

    // What the camera has to do now, in this order.
    struct Orders {
        bool abandon = false;     // the driver did not stop: forget it, make a new one
        bool stop = false;        // ask the running driver to stop
        bool open = false;        // start the driver
        bool card_again = false;  // the card, or when it says the next try is, has changed
        bool operator==(const Orders&) const = default;
    };

    explicit Supervision(const Settings& settings);

    // Events. Each returns what to do about it.
    Orders on_viewers(std::size_t count, SteadyTime now);
    // Nothing when the frame changes nothing, as nearly every one does: no order, no other state or
    // fault, no earlier deadline.
    std::optional<Orders> on_frame(SteadyTime now);
    Orders on_end(const std::optional<Fault>& fault,
                  SteadyTime now);  // nothing: it was asked to stop
    Orders on_time(SteadyTime now);
    Orders on_device_appeared(SteadyTime now);
    // Why no picture comes although the driver goes on: the words of the fault, if none follows.
    void on_silence(std::string why) { silence_ = std::move(why); }
    // Other settings from now on. `again`: and another driver, for which a running one makes room.
    Orders change(const Settings& settings, bool again, SteadyTime now);
    Orders close(SteadyTime now);  // for good: the program ends

    State state() const noexcept { return state_; }
    const std::optional<Fault>& fault() const noexcept { return fault_; }
    std::optional<SteadyTime> retry_at() const noexcept { return retry_at_; }
    // How it goes on after the next try, if that fails: "then less often", to follow "trying again
    // in 0.5 s, ".
    std::string_view retry_outlook() const noexcept;
    bool driver_runs() const noexcept { return driver_ != DriverState::none; }
    bool given_up() const noexcept { return abandoned_ >= settings_.drivers_at_most; }

    // The card is due: somebody watches, and there is no picture or no newer one to show.
    bool wants_card() const noexcept { return wants_card_; }

    // Until when the last picture tells how things are, while no newer one comes.
    SteadyTime picture_until() const noexcept {
        return gives_pictures() ? stall_deadline() : picture_until_;
    }

    // When on_time() is to be called at the latest; nothing while nothing is to come.
    std::optional<SteadyTime> next_deadline() const noexcept;

    // How long a frame takes, as measured or as the driver says; zero: unknown.
    std::chrono::duration<double> frame_time() const noexcept;

  private:
    enum class DriverState : std::uint8_t { none, running, stopping };

    // A login that was refused, and is not to be tried before `until`, idle or not.
    struct Refused {
        Fault fault;
        SteadyTime until;
    };

    bool wanted() const noexcept { return !closed_ && (viewers_ > 0 || settings_.always_on); }
    bool gives_pictures() const noexcept {
        return state_ == State::live || state_ == State::lingering;
    }
    bool holds_picture(SteadyTime now) const noexcept { return on_show_ && now < picture_until_; }
    Fault silent_fault(std::string_view words) const;
    void learn_frame_time(SteadyTime now) noexcept;
    SteadyTime first_frame_deadline() const noexcept;
    SteadyTime stall_deadline() const noexcept;
    void open(Orders& orders, SteadyTime now);
    void stop(Orders& orders, SteadyTime now);
    void fail(Orders& orders, Fault fault, SteadyTime now);
    void abandon(Orders& orders, SteadyTime now);
    void give_up();
    void wait_for_retry(SteadyTime now);
    bool looks_for_signal() const noexcept;
    void begin_from_idle(Orders& orders, SteadyTime now);
    void become_idle(Orders& orders, SteadyTime now);
    void decide_card(Orders& orders, bool words_changed, SteadyTime now);

    Settings settings_;
    Backoff backoff_;
    Backoff login_backoff_;
    State state_ = State::idle;
    DriverState driver_ = DriverState::none;
    bool closed_ = false;
    std::size_t viewers_ = 0;
    int abandoned_ = 0;
    std::optional<Fault> fault_;
    std::optional<SteadyTime> retry_at_;
    std::optional<Refused> refused_;
    std::string silence_;  // of this opening, since its last picture
    std::optional<SteadyTime> failed_at_;
    std::optional<SteadyTime> unwatched_since_;
    SteadyTime opened_at_{};
    SteadyTime stop_asked_at_{};
    SteadyTime first_frame_{};  // of this opening, as is the last one
    std::optional<SteadyTime> last_frame_;
    bool on_show_ = false;  // the last picture has been shown since it was opened from idle
    SteadyTime picture_until_ = SteadyTime::min();  // while it gives none
    std::chrono::duration<double> measured_frame_time_{};
    bool wants_card_ = false;
    std::optional<SteadyTime> card_retry_at_;  // the next try as the card has it
};

std::string_view to_string(Supervision::State state) noexcept;

}  // namespace onlooker::camera
