#include "api/open_api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

#include "api/schemas.hpp"
#include "http/message/reason_phrase.hpp"

namespace onlooker::api {

namespace {

using http::Method;
using http::Scope;
using nlohmann::json;

std::string reference(std::string_view schema) {
    return fmt::format("#/components/schemas/{}", schema);
}

json content(std::string_view type, std::string_view schema) {
    json described = schema.empty() ? json{{"schema", {{"type", "string"}}}}
                                    : json{{"schema", {{"$ref", reference(schema)}}}};
    return {{std::string(type), std::move(described)}};
}

std::string_view scope_words(Scope scope) {
    return scope == Scope::control ? "control" : scope == Scope::view ? "view" : "none";
}

json parameters_of(const Resource& resource, std::string_view camera) {
    json all = json::array();
    if (resource.is_of_camera())
        all.push_back({{"name", "name"},
                       {"in", "path"},
                       {"required", true},
                       {"description", "The camera's name."},
                       {"schema", {{"type", "string"}}},
                       {"example", camera}});
    for (const Parameter& parameter : resource.parameters)
        all.push_back({{"name", parameter.name},
                       {"in", "query"},
                       {"required", false},
                       {"description", parameter.meaning},
                       {"schema", {{"type", "string"}}},
                       {"example", parameter.example}});
    return all;
}

json refusal(int status) {
    return {{"description", http::reason_phrase(status)},
            {"content", content("application/problem+json", "Problem")}};
}

json responses_of(const Resource& resource) {
    json all = json::object();
    all["200"] = {{"description", resource.summary},
                  {"content", content(resource.type, resource.schema)}};
    if (resource.scope != Scope::public_)
        for (const int status : {401, 403})
            all[fmt::format("{}", status)] = refusal(status);
    if (resource.is_of_camera())
        all["404"] = refusal(404);
    for (const int status : resource.refusals)
        all[fmt::format("{}", status)] = refusal(status);
    return all;
}

json operation_of(const Resource& resource, std::string_view camera) {
    json operation = {
        {"operationId", resource.id},
        {"summary", resource.summary},
        {"description", fmt::format("Takes the right: {}.", scope_words(resource.scope))},
        {"parameters", parameters_of(resource, camera)},
        {"responses", responses_of(resource)}};
    if (!resource.body.empty()) {
        json body = content("application/json", resource.body);
        body["application/json"]["example"] = json::parse(resource.body_example);
        operation["requestBody"] = {{"required", true}, {"content", std::move(body)}};
    }
    return operation;
}

json security_schemes() {
    return {{"password", {{"type", "http"}, {"scheme", "basic"}}},
            {"token", {{"type", "http"}, {"scheme", "bearer"}}}};
}

}  // namespace

json open_api(std::span<const Resource> resources, std::string_view version,
              std::string_view camera) {
    json paths = json::object();
    for (const Resource& resource : resources) {
        const bool is_patch = resource.method == Method::patch;
        const std::string_view below_root = resource.path.substr(root.size());
        paths[std::string(below_root)][is_patch ? "patch" : "get"] = operation_of(resource, camera);
    }
    return {
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "onlooker"},
          {"version", version},
          {"summary", "Cameras, who looks at them, and their controls."},
          {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
        {"servers", json::array({{{"url", "../v1"}}})},
        // A server without users asks for nothing.
        {"security",
         json::array({json::object(), {{"password", json::array()}}, {{"token", json::array()}}})},
        {"paths", std::move(paths)},
        {"components", {{"schemas", schemas()}, {"securitySchemes", security_schemes()}}}};
}

}  // namespace onlooker::api
