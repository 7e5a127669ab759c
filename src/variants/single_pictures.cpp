#include "variants/single_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::variants {

class SinglePictures::Job final : public std::enable_shared_from_this<Job>,
                                  private Workshop::Receiver {
  public:
    Job(Executor executor, Workshop& workshop, MakingPtr making, media::FramePtr frame,
        const media::Recipe& recipe, std::function<void()> on_finished)
        : making_(std::move(making)),
          frame_(std::move(frame)),
          order_(making_->order(recipe)),
          on_finished_(std::move(on_finished)),
          finished_(executor, SteadyTime::max()) {
        mailbox_.emplace(workshop, static_cast<Workshop::Receiver&>(*this));
        if (const auto need = media::VariantMaker::need_of(recipe)) {
            making_->decodes().add(*need);
            need_ = need;
        }
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() { needs_no_more(); }

    void begin() {
        try {
            mailbox_->put(order_, frame_);
        } catch (const Workshop::NoWorker& error) {
            making_->tell_unusable(order_->recipe, error.what());
            finish(Variants::Unusable{error.what()});
        }
    }
    void finish(Variants::Picture picture) {
        const JobPtr self = shared_from_this();  // its owner may forget it
        mailbox_.reset();
        needs_no_more();
        picture_ = std::move(picture);
        kept_until_ = RunningClock::now() + kept_for;
        finished_.cancel();
        on_finished_();
    }
    Awaitable<> wait() {
        while (!picture_)
            co_await finished_.async_wait(as_result);
    }

    bool is(const Making& making, const media::Frame& frame, const media::Recipe& recipe) const {
        return making_.get() == &making && frame_.get() == &frame && order_->recipe == recipe;
    }
    const std::optional<Variants::Picture>& picture() const noexcept { return picture_; }
    SteadyTime kept_until() const noexcept { return kept_until_; }

  private:
    void needs_no_more() {
        if (need_)
            making_->decodes().remove(*std::exchange(need_, std::nullopt));
    }
    // Workshop::Receiver
    void on_made(Workshop::Made made) override {
        if (auto* unusable = std::get_if<media::VariantMaker::Unusable>(&made.result)) {
            making_->tell_unusable(order_->recipe, unusable->why);
            return finish(Variants::Unusable{std::move(unusable->why)});
        }
        making_->camera().note_variant(made.making);
        finish(std::get<media::FramePtr>(std::move(made.result)));
    }

    MakingPtr making_;
    media::FramePtr frame_;
    Workshop::OrderPtr order_;
    std::function<void()> on_finished_;
    std::optional<media::SharedDecodes::Need> need_;  // as the decodes have it, until it is made
    std::optional<Variants::Picture> picture_;
    SteadyTime kept_until_{};
    Timer finished_;  // cancelled then
    std::optional<Workshop::Mailbox> mailbox_;
};

SinglePictures::SinglePictures(Executor executor, Workshop& workshop)
    : executor_(executor), workshop_(workshop), timer_(executor, [this] { forget_old(); }) {}

SinglePictures::~SinglePictures() = default;

SinglePictures::JobPtr SinglePictures::find(const Making& making, const media::Frame& frame,
                                            const media::Recipe& recipe) const {
    const auto found = std::ranges::find_if(
        jobs_, [&](const JobPtr& job) { return job->is(making, frame, recipe); });
    return found == jobs_.end() ? nullptr : *found;
}

std::size_t SinglePictures::waiting() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(jobs_, [](const JobPtr& job) { return !job->picture(); }));
}

SinglePictures::JobPtr SinglePictures::begin(const MakingPtr& making, const media::FramePtr& frame,
                                             const media::Recipe& recipe) {
    const JobPtr job = jobs_.emplace_back(std::make_shared<Job>(executor_, workshop_, making, frame,
                                                                recipe, [this] { forget_old(); }));
    try {
        job->begin();
    } catch (...) {
        std::erase(jobs_, job);
        throw;
    }
    return job;
}

Awaitable<Variants::Picture> SinglePictures::make(MakingPtr making, media::FramePtr frame,
                                                  media::Recipe recipe) {
    JobPtr job = find(*making, *frame, recipe);
    if (!job) {
        if (waiting() >= most_waiting)
            co_return Variants::Full{fmt::format(
                "{} other pictures wait to be made, which is as many as may. Ask again soon.",
                most_waiting)};
        job = begin(making, frame, recipe);
    }
    making.reset();
    co_await job->wait();
    co_return *job->picture();
}

void SinglePictures::forget_old() {
    const SteadyTime now = RunningClock::now();
    std::size_t kept = jobs_.size() - waiting();
    std::optional<SteadyTime> next;
    for (auto place = jobs_.begin(); place != jobs_.end();) {
        const JobPtr& job = *place;
        const bool goes = job->picture() && (job->kept_until() <= now || kept > most_kept);
        kept -= goes ? 1 : 0;
        if (job->picture() && !goes)
            next = std::min(next.value_or(SteadyTime::max()), job->kept_until());
        place = goes ? jobs_.erase(place) : std::next(place);
    }
    timer_.set(next);
}

void SinglePictures::close() {
    const std::list<JobPtr> jobs = jobs_;
    for (const JobPtr& job : jobs)
        if (!job->picture())
            job->finish(Variants::Full{"The server is ending."});
    jobs_.clear();
    timer_.set(std::nullopt);
}

}  // namespace onlooker::variants
