#include "access/admissions.hpp"

#include <utility>
#include <vector>

namespace onlooker::access {

class Admissions::Admission final : public http::Pass,
                                    public std::enable_shared_from_this<Admission> {
  public:
    Admission(Admissions& all, Grant grant, Admittance by)
        : all_(all.all_),
          place_(all_.insert(all_.end(), this)),
          grant_(std::move(grant)),
          by_(std::move(by)) {}
    ~Admission() override { all_.erase(place_); }
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

    bool allows(http::Scope scope, std::string_view camera) const override {
        return grant_.allows(scope, camera);
    }
    std::string_view person() const override {
        return by_.by == Admittance::By::session ? std::string_view(by_.name) : "";
    }
    bool for_any_page() const override { return by_.by == Admittance::By::link; }
    void on_end(std::function<void()> end) override {
        end_ = std::move(end);
        if (ended_)
            call();
    }

    void end() {
        ended_ = true;
        call();
    }
    const Admittance& by() const noexcept { return by_; }

  private:
    void call() {
        if (const auto end = std::exchange(end_, nullptr))
            end();
    }

    std::list<Admission*>& all_;
    std::list<Admission*>::iterator place_;
    Grant grant_;
    Admittance by_;
    std::function<void()> end_;
    bool ended_ = false;
};

std::string words_for(const Admittance& admittance) {
    switch (admittance.by) {
        case Admittance::By::token:
            return "token " + admittance.name;
        case Admittance::By::link:
            return "link " + admittance.name;
        case Admittance::By::nothing:
            return "nobody";
        default:
            return admittance.name;
    }
}

std::shared_ptr<http::Pass> Admissions::admit(Grant grant, Admittance by) {
    return std::make_shared<Admission>(*this, std::move(grant), std::move(by));
}

// Found first and ended then, for an end may take others with it.
void Admissions::end_if(const std::function<bool(const Admittance&)>& condition) {
    std::vector<std::weak_ptr<Admission>> ending;
    for (Admission* admission : all_) {
        if (condition(admission->by()))
            ending.push_back(admission->weak_from_this());
    }
    for (const auto& each : ending) {
        if (const auto admission = each.lock())
            admission->end();
    }
}

void Admissions::for_each(const std::function<void(const Admittance&)>& action) const {
    for (const Admission* admission : all_)
        action(admission->by());
}

const Admittance* Admissions::of(const http::Pass* pass) noexcept {
    const auto* admission = dynamic_cast<const Admission*>(pass);
    return admission ? &admission->by() : nullptr;
}

}  // namespace onlooker::access
