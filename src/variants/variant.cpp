#include "variants/variant.hpp"

#include <utility>
#include <variant>

#include "media/orientation.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::variants {

Variant::Variant(Executor executor, Workshop& workshop, MakingPtr making,
                 const media::Recipe& asked)
    : DerivedFeed(executor, making->camera().feed(), making->camera().settings().feed),
      making_(std::move(making)),
      asked_(asked),
      order_(making_->order(asked)),
      mailbox_(workshop, *this) {
    fit_to_camera();
}

void Variant::fit_to_camera() {
    if (const media::FramePtr& picture = source().picture())
        fit_to(media::upright_size(*picture));
}

void Variant::fit_to(media::PictureSize size) {
    if (size == size_)
        return;
    const media::Recipe recipe = media::resolved(asked_, size.width, size.height);
    order_ = making_->order(recipe);
    size_ = size;
    if (is_awake())
        set_need(media::VariantMaker::need_of(recipe));
}

void Variant::set_need(std::optional<media::SharedDecodes::Need> need) {
    // The new one first, so that a shared decode stays as large as it has to be.
    if (need)
        making_->decodes().add(*need);
    if (need_)
        making_->decodes().remove(*need_);
    // A raw camera's planes are cheaper to keep than to decode.
    if (need.has_value() != need_.has_value())
        making_->camera().want_planes(need.has_value());
    need_ = need;
}

void Variant::on_wake() {
    set_need(media::VariantMaker::need_of(order_->recipe));
}

void Variant::on_rest() noexcept {
    mailbox_.clear();
    set_need(std::nullopt);
}

void Variant::on_frame(const media::FramePtr& frame) {
    if (!frame->is_card())
        fit_to(media::upright_size(*frame));
    if (order_->recipe.is_plain()) {
        mailbox_.clear();
        return publish(frame);
    }
    if (!frame->is_card())
        return put(order_, frame);
    put(making_->order(resolved_for(asked_, frame)), frame);
}

void Variant::put(const Workshop::OrderPtr& order, const media::FramePtr& frame) {
    try {
        mailbox_.put(order, frame);
    } catch (const Workshop::NoWorker& error) {
        on_unusable(frame, error.what());
    }
}

void Variant::on_made(Workshop::Made made) {
    counts_.overtaken = made.overtaken;
    if (!is_awake())
        return;
    // What was under way when the camera's own size became the right one is older than what is
    // shown.
    if (order_->recipe.is_plain())
        return;
    if (const auto* unusable = std::get_if<media::VariantMaker::Unusable>(&made.result))
        return on_unusable(made.source, unusable->why);
    if (!made.source->is_card()) {
        ++counts_.frames;
        counts_.making = made.making;
        making_->camera().note_variant(made.making);
    }
    publish(std::get<media::FramePtr>(std::move(made.result)));
}

void Variant::on_unusable(const media::FramePtr& source, const std::string& why) {
    making_->tell_unusable(order_->recipe, why);
    if (source->is_card())
        return publish(source);
    ++counts_.unusable;
}

media::FramePtr Variant::made_of(const media::Frame& frame) const {
    const media::FramePtr& picture = feed().picture();
    const bool is_same = picture && !frame.is_card() && picture->number() == frame.number();
    return is_same ? picture : nullptr;
}

}  // namespace onlooker::variants
