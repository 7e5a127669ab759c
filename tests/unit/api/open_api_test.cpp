// The description says what the routes do, and nothing else.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "unit/api/house.hpp"

using namespace onlooker;
using test::House;

TEST_SUITE("description of the interface") {
    TEST_CASE("it has each route below /api/v1 with its methods, and no other") {
        House house;
        const auto document = house.get("/api/v1/openapi.json").json();
        CHECK(document["openapi"] == "3.1.0");
        CHECK(document["info"]["version"] == "1.2.3");
        const std::string root = "/api/v1";
        std::set<std::string> routes;
        for (const auto& route : house.router.routes())
            if (route->pattern().starts_with(root))
                for (const http::Method method : route->methods())
                    routes.insert(std::string(to_string(method)) + " " + route->pattern());
        std::set<std::string> described;
        for (const auto& [path, item] : document["paths"].items())
            for (const auto& [method, operation] : item.items()) {
                described.insert((method == "patch" ? "PATCH " : "GET ") + root + path);
                CHECK_FALSE(operation["summary"].get<std::string>().empty());
            }
        CHECK(described == routes);
    }

    TEST_CASE("every schema that is named is there, and every one that is there is named") {
        House house;
        const std::string text = house.get("/api/v1/openapi.json").body();
        const auto schemas = nlohmann::json::parse(text)["components"]["schemas"];
        for (const auto& [name, schema] : schemas.items()) {
            CAPTURE(name);
            CHECK(text.find("\"#/components/schemas/" + name + "\"") != std::string::npos);
        }
        const std::string mark = "\"#/components/schemas/";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            const auto begin = at + mark.size();
            CHECK(schemas.contains(text.substr(begin, text.find('"', begin) - begin)));
        }
    }
}
