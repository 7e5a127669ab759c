#include "app/kept_controls.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <utility>

#include "app/values.hpp"

namespace onlooker::app {

namespace {

using nlohmann::ordered_json;

constexpr int version = 1;

// Whole numbers up to here are written as such.
constexpr double exact = 9e15;

// Null: there is no such object.
const ordered_json* object_in(const ordered_json& document, const std::string& name) {
    const auto found = document.find(name);
    return found != document.end() && found->is_object() ? &*found : nullptr;
}

// What is there and is no object is nothing that we wrote, and gives way.
ordered_json& object_to_fill(ordered_json& document, const std::string& name) {
    ordered_json& found = document[name];
    if (!found.is_object())
        found = ordered_json::object();
    return found;
}

ordered_json entry_of(double value, const std::string& id,
                      const KeptControls::Configured& configured) {
    ordered_json entry;
    if (value == std::floor(value) && std::abs(value) < exact)
        entry["value"] = static_cast<std::int64_t>(value);
    else
        entry["value"] = value;
    if (const auto said = configured.find(id); said != configured.end())
        entry["configured"] = said->second;
    return entry;
}

bool is_newer_than(const ordered_json& entry, const KeptControls::Configured& configured,
                   const std::string& id) {
    const auto before = entry.find("configured");
    const auto now = configured.find(id);
    if (before == entry.end() || !before->is_string())
        return now == configured.end();
    return now != configured.end() && before->get_ref<const std::string&>() == now->second;
}

}  // namespace

KeptControls::KeptControls()
    : document_(std::make_unique<ordered_json>(
          ordered_json{{"version", version}, {"cameras", ordered_json::object()}})) {}
KeptControls::KeptControls(KeptControls&&) noexcept = default;
KeptControls& KeptControls::operator=(KeptControls&&) noexcept = default;
KeptControls::~KeptControls() = default;

KeptControls KeptControls::parse(std::string_view text) {
    if (text.size() > longest_text)
        throw ValueError("it is larger than 1 MiB");
    auto document = ordered_json::parse(text, nullptr, false);
    if (!document.is_object())
        throw ValueError("it is no JSON object");
    const auto said = document.find("version");
    if (said == document.end() || *said != version)
        throw ValueError("it does not say \"version\": 1, so another program wrote it");
    if (const auto cameras = document.find("cameras");
        cameras != document.end() && !cameras->is_object())
        throw ValueError("its \"cameras\" are no JSON object");
    KeptControls kept;
    *kept.document_ = std::move(document);
    return kept;
}

std::string KeptControls::text() const {
    // A name that the user wrote may be no UTF-8.
    return document_->dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::vector<camera::ControlChange> KeptControls::of(const std::string& camera,
                                                    const Configured& configured) const {
    std::vector<camera::ControlChange> changes;
    const ordered_json* const cameras = object_in(*document_, "cameras");
    const ordered_json* const its = cameras != nullptr ? object_in(*cameras, camera) : nullptr;
    const ordered_json* const controls = its != nullptr ? object_in(*its, "controls") : nullptr;
    if (controls == nullptr)
        return changes;
    for (const auto& [id, entry] : controls->items()) {
        if (!entry.is_object())
            continue;
        const auto value = entry.find("value");
        if (value != entry.end() && value->is_number() && is_newer_than(entry, configured, id))
            changes.push_back({.id = id, .value = value->get<double>()});
    }
    return changes;
}

bool KeptControls::keep(const std::string& camera, const camera::ControlChange& change,
                        const Configured& configured) {
    if (!std::isfinite(change.value))
        return false;
    ordered_json& its = object_to_fill(object_to_fill(*document_, "cameras"), camera);
    ordered_json& kept = object_to_fill(its, "controls")[change.id];
    ordered_json entry = entry_of(change.value, change.id, configured);
    if (kept == entry)
        return false;
    kept = std::move(entry);
    return true;
}

}  // namespace onlooker::app
