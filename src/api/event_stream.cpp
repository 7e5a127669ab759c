#include "api/event_stream.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "endpoints/camera_json.hpp"
#include "http/gate.hpp"

namespace onlooker::api {

namespace {

using nlohmann::json;
using Kind = EventHub::Kind;

constexpr auto sign_of_life_every = std::chrono::seconds(15);
constexpr std::string_view sign_of_life = ": still here\n\n";
// How long a browser waits before it comes back, in milliseconds.
constexpr std::string_view retry = "retry: 1000\n\n";
constexpr std::size_t most_names = 128;

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty() && names.size() < most_names) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (const auto name = trimmed(list.substr(0, end)); !name.empty())
            names.emplace_back(name);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return names;
}

// "instance-number" of this instance.
std::optional<std::uint64_t> number_in(std::string_view id, std::string_view instance) {
    if (!id.starts_with(instance) || id.size() <= instance.size() || id[instance.size()] != '-')
        return std::nullopt;
    return parse_number<std::uint64_t>(id.substr(instance.size() + 1));
}

class EventStream final : public http::StreamBody {
  public:
    struct Reader {
        std::vector<std::string> names;    // empty: all
        std::shared_ptr<http::Pass> pass;  // null: may see all
        std::optional<std::uint64_t> seen;
    };

    EventStream(EventHub& hub, const endpoints::Cameras& cameras, std::string instance, Words words,
                Reader reader)
        : hub_(hub),
          cameras_(cameras),
          instance_(std::move(instance)),
          words_(std::move(words)),
          reader_(std::move(reader)),
          listener_(hub) {}

    Awaitable<> run(http::StreamConnection& connection) override;

  private:
    struct Event {
        std::string_view name;
        json data;
    };

    std::string news();
    std::vector<Event> beginning() const;
    std::vector<Event> changes() const;
    std::optional<Event> event_of(const EventHub::Change& change) const;
    bool is_for_reader(const std::string& camera) const;

    EventHub& hub_;
    const endpoints::Cameras& cameras_;
    std::string instance_;
    Words words_;
    Reader reader_;
    EventHub::Listener listener_;
};

bool EventStream::is_for_reader(const std::string& camera) const {
    const bool wanted =
        reader_.names.empty() || std::ranges::find(reader_.names, camera) != reader_.names.end();
    return wanted && (reader_.pass == nullptr || reader_.pass->allows(http::Scope::view, camera));
}

std::vector<EventStream::Event> EventStream::beginning() const {
    std::vector<Event> events;
    json names = json::array();
    for (const auto& camera : cameras_)
        if (is_for_reader(camera->name()))
            names.push_back(camera->name());
    events.push_back({"begin", {{"instance", instance_}, {"cameras", std::move(names)}}});
    for (const auto& camera : cameras_)
        if (is_for_reader(camera->name()))
            events.push_back({"camera", words_.camera(*camera)});
    return events;
}

std::optional<EventStream::Event> EventStream::event_of(const EventHub::Change& change) const {
    if (change.kind == Kind::settings)
        return Event{"settings", {{"changed", change.names}}};
    const std::string& name = change.camera ? change.camera->name() : change.names.front();
    if (!is_for_reader(name))
        return std::nullopt;
    switch (change.kind) {
        case Kind::gone:
            return Event{"gone", {{"camera", name}}};
        case Kind::viewers:
            return Event{"viewers",
                         {{"camera", name}, {"viewers", words_.viewers(*change.camera)}}};
        case Kind::controls: {
            json controls = words_.controls(*change.camera);
            controls["camera"] = name;
            return Event{"controls", std::move(controls)};
        }
        default:
            return Event{"camera", words_.camera(*change.camera)};
    }
}

std::vector<EventStream::Event> EventStream::changes() const {
    std::vector<Event> events;
    for (const EventHub::Change& change : hub_.since(*reader_.seen))
        if (auto event = event_of(change))
            events.push_back(std::move(*event));
    return events;
}

// All that the reader has not heard of yet; empty when there is nothing.
std::string EventStream::news() {
    if (reader_.seen == hub_.newest())
        return {};
    const bool goes_on = reader_.seen && hub_.remembers(*reader_.seen);
    const std::vector<Event> events = goes_on ? changes() : beginning();
    reader_.seen = hub_.newest();
    std::string text;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i + 1 == events.size())
            text += fmt::format("id: {}-{}\n", instance_, *reader_.seen);
        text += fmt::format("event: {}\ndata: {}\n\n", events[i].name,
                            endpoints::text_of(events[i].data));
    }
    return text;
}

// Made only when the line takes it: whoever is slow hears the newest when it is free.
Awaitable<> EventStream::run(http::StreamConnection& connection) {
    connection.on_leave([this] { listener_.wake(); });
    std::string text(retry);
    SteadyTime due = RunningClock::now() + sign_of_life_every;
    while (!connection.leaving()) {
        text += news();
        if (text.empty() && RunningClock::now() >= due)
            text = sign_of_life;
        if (text.empty()) {
            co_await listener_.wait(due);
            continue;
        }
        const bool open = co_await connection.write(text);
        if (!open)
            break;
        text.clear();
        due = RunningClock::now() + sign_of_life_every;
    }
    connection.on_leave({});
}

}  // namespace

http::Response events_response(EventHub& hub, const endpoints::Cameras& cameras,
                               const std::string& instance, Words words,
                               const http::Request& request) {
    if (hub.is_full())
        return http::Response::unavailable(
            "As many listen to the events of this server as may at a time.");
    http::Response response;
    response.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
    response.with("X-Accel-Buffering", "no");
    response.body = std::make_unique<EventStream>(
        hub, cameras, instance, std::move(words),
        EventStream::Reader{.names = names_in(request.query.get("cameras").value_or("")),
                            .pass = request.pass,
                            .seen = number_in(request.header("Last-Event-ID"), instance)});
    return response;
}

}  // namespace onlooker::api
