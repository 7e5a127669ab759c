// What can be asked of the interface for programs: one table, from which the routes are made and
// the description that programs read (open_api.hpp), so that neither can say what the other does
// not do.
//
// Plain values. Thread: any.
#pragma once

#include <span>
#include <string_view>

#include "http/message/request.hpp"
#include "http/message/scope.hpp"

namespace onlooker::api {

inline constexpr std::string_view root = "/api/v1";

// A parameter of the query.
struct Parameter {
    std::string_view name;
    std::string_view meaning;
    std::string_view example;
};

struct Resource {
    // So that a row without a scope does not compile.
    constexpr Resource(http::Method its_method, std::string_view its_path, http::Scope its_scope,
                       std::string_view its_id, std::string_view its_summary)
        : method(its_method), path(its_path), scope(its_scope), id(its_id), summary(its_summary) {}

    constexpr Resource answering(std::string_view its_schema) const {
        Resource with = *this;
        with.schema = its_schema;
        return with;
    }
    constexpr Resource as(std::string_view its_type) const {
        Resource with = *this;
        with.type = its_type;
        return with;
    }
    constexpr Resource taking(std::string_view its_body, std::string_view its_example) const {
        Resource with = *this;
        with.body = its_body;
        with.body_example = its_example;
        return with;
    }
    constexpr Resource with_parameters(std::span<const Parameter> its_parameters) const {
        Resource with = *this;
        with.parameters = its_parameters;
        return with;
    }
    constexpr Resource refusing(std::span<const int> its_refusals) const {
        Resource with = *this;
        with.refusals = its_refusals;
        return with;
    }

    constexpr bool is_of_camera() const { return path.find("{name}") != std::string_view::npos; }

    http::Method method;
    std::string_view path;
    http::Scope scope;
    std::string_view id;        // unique; the name of a function in clients that are generated
    std::string_view summary;   // one sentence
    std::string_view schema{};  // of the answer; its name in schemas.cpp; empty: none
    std::string_view type = "application/json";
    std::string_view body{};          // the name of its schema; empty: there is none
    std::string_view body_example{};  // JSON
    std::span<const Parameter> parameters{};
    std::span<const int> refusals{};  // statuses beside those of every resource
};

}  // namespace onlooker::api
