// How many streams are being watched, of all cameras together, and who wants to know of a change.
//
// Owner: shared by the streams, each of which has a place, and by whoever looks. Thread: the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace onlooker::endpoints {

class ViewerCount {
  public:
    // `changed` throws nothing.
    explicit ViewerCount(std::function<void()> changed = {}) : changed_(std::move(changed)) {}

    std::size_t now() const noexcept { return count_; }

    // Counts for one viewer as long as it lives.
    class Place {
      public:
        explicit Place(std::shared_ptr<ViewerCount> count) : count_(std::move(count)) {
            count_->change_by(1);
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() { count_->change_by(-1); }

      private:
        std::shared_ptr<ViewerCount> count_;
    };

  private:
    void change_by(int difference) {
        count_ += static_cast<std::size_t>(difference);
        if (changed_)
            changed_();
    }

    std::size_t count_ = 0;
    std::function<void()> changed_;
};

}  // namespace onlooker::endpoints
