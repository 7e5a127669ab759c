#include "variants/auto_feed.hpp"

#include <asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <numeric>
#include <utility>

#include "base/logging.hpp"
#include "base/task.hpp"

namespace onlooker::variants {

namespace {

// A step that shows nothing for so long, while pictures come, is given up.
constexpr std::chrono::seconds next_shows_within{5};

// So many frames are left to a step that is about to bring them; then they are shown as they are.
constexpr unsigned most_held = 5;

}  // namespace

// A feed that is read, by a task that keeps this object until it ends.
class AutoFeed::Source : public std::enable_shared_from_this<Source> {
  public:
    Source(AutoFeed& owner, View view)
        : owner_(&owner),
          view_(std::move(view)),
          viewing_(*view_.feed, description_of(owner)),
          lay_there_(view_.feed->showing()) {}
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    // Reads, unless it does so already.
    void begin();

    // It tells its owner nothing any more. Its task ends now or, if this is below a call of it,
    // when that returns.
    void drop() noexcept {
        owner_ = nullptr;
        interrupt_.raise();
    }

    const camera::Feed& feed() const noexcept { return *view_.feed; }
    // What it shows came after this object: it is no old picture, and no old card.
    bool shows_something_new() const noexcept { return feed().showing() != lay_there_; }

  private:
    static camera::Viewing::Description description_of(const AutoFeed& owner) {
        camera::Viewing::Description description;
        description.via = owner.settings_.via;
        description.shown_through = &owner.feed_;
        return description;
    }
    Task read();
    void on_end(const std::exception_ptr& failure) noexcept;

    AutoFeed* owner_;
    View view_;
    camera::Viewing viewing_;
    camera::Feed::Interrupt interrupt_;
    std::uint64_t seen_ = 0;
    media::FramePtr lay_there_;
    bool reads_ = false;
};

void AutoFeed::Source::begin() {
    if (std::exchange(reads_, true))
        return;
    start(read(), [self = shared_from_this()](const std::exception_ptr& failure) {
        self->on_end(failure);
    });
}

Task AutoFeed::Source::read() {
    while (owner_ != nullptr) {
        owner_->feed_.set_condition(feed().condition());
        if (feed().has_newer(seen_)) {
            seen_ = feed().edition();
            owner_->on_edition(*this);
        } else {
            co_await view_.feed->newer(seen_, interrupt_);
        }
    }
}

// After a lack of memory the next look at the path begins once more; there is one with each repeat.
void AutoFeed::Source::on_end(const std::exception_ptr& failure) noexcept {
    reads_ = false;
    if (!failure)
        return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        logging::error("camera {}: a viewer's size does not follow its link for a moment: {}",
                       feed().name(), error.what());
    }
}

std::variant<std::shared_ptr<AutoFeed>, Variants::Full> AutoFeed::make(Executor executor,
                                                                       const camera::Feed& camera,
                                                                       Settings settings,
                                                                       Open open) {
    // std::make_shared needs a constructor that everybody may call.
    std::shared_ptr<AutoFeed> self(
        new AutoFeed(executor, camera, std::move(settings), std::move(open)));
    auto first = self->open_(self->settings_.recipe);
    if (auto* const full = std::get_if<Variants::Full>(&first))
        return std::move(*full);
    self->source_ = std::make_shared<Source>(*self, std::move(std::get<View>(first)));
    self->source_->begin();
    return self;
}

AutoFeed::AutoFeed(Executor executor, const camera::Feed& camera, Settings settings, Open open)
    : executor_(executor),
      camera_(camera),
      settings_(std::move(settings)),
      open_(std::move(open)),
      feed_(executor, camera.name(), settings_.feed, [] {}),
      size_(settings_.min_rate) {}

AutoFeed::~AutoFeed() {
    if (source_)
        source_->drop();
    if (next_)
        next_->drop();
}

void AutoFeed::look(const AutoSize::Path& path, SteadyTime now) {
    source_->begin();
    if (next_) {
        next_->begin();
        if (feed_.condition().live && now - next_since_ >= next_shows_within) {
            std::exchange(next_, nullptr)->drop();
            refuse("the next size shows no pictures", now);
        }
    }
    const auto step =
        size_.look(path, {.shown = shown_, .sent = sent(), .rate = source_rate(now)}, now);
    tell();
    if (step)
        asio::post(executor_, [weak = weak_from_this(), step] {
            if (const auto self = weak.lock())
                self->go_to(*step);
        });
}

// The one viewer's.
std::uint64_t AutoFeed::sent() const noexcept {
    std::uint64_t frames = 0;
    feed_.for_each_viewing(
        [&frames](const camera::Viewing& viewing) { frames += viewing.frames(); });
    return frames;
}

// Of the camera: a variant that cannot be made so fast would look as if there were fewer to send,
// and room for larger ones.
double AutoFeed::source_rate(SteadyTime now) const noexcept {
    const double rate = camera_.rate(now);
    return settings_.rate > 0 ? std::min(settings_.rate, rate) : rate;
}

void AutoFeed::go_to(AutoSize::Step step) {
    const SteadyTime now = SteadyClock::now();
    auto view = open_(recipe(step));
    if (const auto* const full = std::get_if<Variants::Full>(&view))
        return refuse(full->words, now);
    next_ = std::make_shared<Source>(*this, std::move(std::get<View>(view)));
    next_step_ = step;
    next_since_ = now;
    held_ = 0;
    next_is_under_way_ = false;
    next_->begin();
}

void AutoFeed::refuse(std::string why, SteadyTime now) {
    refusal_ = std::move(why);
    size_.refused(now);
    tell();
}

// No larger than was asked for.
unsigned AutoFeed::largest() const {
    const media::FramePtr& picture = camera_.picture();
    if (!picture || !settings_.recipe.wants_size())
        return settings_.recipe.eighths;
    return media::resolved(settings_.recipe, picture->width(), picture->height()).eighths;
}

media::Recipe AutoFeed::recipe(AutoSize::Step step) const {
    media::Recipe recipe = settings_.recipe;
    if (step == 0)
        return recipe;
    recipe.eighths = std::min(AutoSize::eighths.at(step), largest());
    recipe.fit_width = recipe.fit_height = 0;
    recipe.lossless = false;
    return recipe;
}

void AutoFeed::on_edition(Source& source) {
    const media::FramePtr frame = source.feed().showing();
    if (&source == next_.get())
        return on_edition_of_next(frame);
    // The next one has the same frame in a moment.
    if (next_ && next_is_under_way_ && !frame->is_card() && held_ < most_held) {
        ++held_;
        return;
    }
    held_ = 0;
    show(frame);
}

void AutoFeed::on_edition_of_next(const media::FramePtr& frame) {
    const bool is_new = next_->shows_something_new();
    const bool card_is_shown = feed_.showing() && feed_.showing()->is_card();
    if (frame->is_card() ? is_new || card_is_shown : frame->number() > number_) {
        source_->drop();
        source_ = std::exchange(next_, nullptr);
        size_.moved(next_step_, SteadyClock::now());
        refusal_.clear();
        tell();
        show(frame);
    } else if (is_new && !frame->is_card()) {
        next_is_under_way_ = true;
    }
}

void AutoFeed::show(const media::FramePtr& frame) {
    if (frame == feed_.showing())
        return;  // the same once more: this feed repeats by itself
    if (!frame->is_card()) {
        number_ = frame->number();
        ++shown_;
        size_.limit(largest());
        size_.showed(frame->jpeg().size());
        told_->width = frame->width();
        told_->height = frame->height();
        tell();
    }
    feed_.publish(frame);
}

void AutoFeed::tell() {
    const AutoSize::Step step = size_.step();
    told_->eighths = size_.eighths_of(step);
    told_->capacity = size_.capacity();
    told_->octets = size_.octets(step);
    told_->larger_octets = size_.is_largest() ? 0 : size_.octets(step - 1);
    told_->all_arrive = size_.all_arrive();
    told_->is_burst = size_.capacity_is_of_burst();
    if (told_->refusal != refusal_)
        told_->refusal = refusal_;
}

std::variant<View, Variants::Full> auto_view(Executor executor, Variants& variants,
                                             camera::Camera& camera, AutoWish wish) {
    auto made = AutoFeed::make(executor, camera.feed(),
                               {.recipe = std::move(wish.recipe),
                                .rate = wish.rate,
                                .min_rate = wish.min_rate,
                                .via = std::move(wish.via),
                                .feed = camera.settings().feed},
                               [&variants, &camera, rate = wish.rate](const media::Recipe& recipe) {
                                   return variants.view(camera, recipe, rate);
                               });
    if (auto* const full = std::get_if<Variants::Full>(&made))
        return std::move(*full);
    auto& feed = std::get<std::shared_ptr<AutoFeed>>(made);
    return View{.feed = &feed->feed(), .keep = feed, .auto_feed = feed.get()};
}

std::string scale_of(const camera::AutoStep& step) {
    const unsigned common = std::gcd(step.eighths, 8U);
    return step.eighths == 8 ? "1" : fmt::format("{}/{}", step.eighths / common, 8 / common);
}

std::string why(const camera::AutoStep& step) {
    if (step.capacity <= 0 || step.octets <= 0)
        return "not measured yet";
    const bool is_largest = step.larger_octets <= 0;
    std::string words =
        is_largest && step.all_arrive
            ? "all frames arrive"
            : fmt::format("{}{:.1f} Mbit/s carry {:.0f} frames/s of {:.0f} KB",
                          step.is_burst ? "bursts of " : "", step.capacity * 8 / 1e6,
                          step.capacity / step.octets, step.octets / 1000);
    if (!is_largest)
        words += fmt::format(", and {:.0f} of the next larger", step.capacity / step.larger_octets);
    if (!step.refusal.empty())
        words += "; " + step.refusal;
    return words;
}

}  // namespace onlooker::variants
