// The page at /manual: what can be asked for stands in it.
#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "clips/clip_routes.hpp"
#include "clips/muxer_loader.hpp"
#include "clips/pre_rolls.hpp"
#include "endpoints/assets.hpp"
#include "endpoints/endpoints.hpp"
#include "support/scripted_driver.hpp"
#include "wall/wall_routes.hpp"

using namespace onlooker;

namespace {

endpoints::Cameras one_camera(Executor executor) {
    endpoints::Cameras cameras;
    camera::Camera::Settings settings;
    settings.name = "yard";
    cameras.push_back(std::make_unique<camera::Camera>(executor, std::move(settings), [] {
        return std::make_unique<test::ScriptedDriver>([](camera::CaptureContext& context) {
            return test::steady_pictures(context, std::chrono::milliseconds(10));
        });
    }));
    return cameras;
}

// As the page writes it: /cameras/NAME/stream for /cameras/{name}/stream.
std::string as_written(std::string pattern) {
    for (const auto& [parameter, word] : {std::pair("{name}", "NAME"), std::pair("{id}", "ID")}) {
        if (const auto start = pattern.find(parameter); start != std::string::npos)
            pattern.replace(start, std::string_view(parameter).size(), word);
    }
    return "<code>" + pattern + "</code>";
}

}  // namespace

TEST_SUITE("manual") {
    TEST_CASE("each address of the table of endpoints stands in it") {
        asio::io_context loop;
        const endpoints::Cameras cameras = one_camera(loop.get_executor());
        variants::Variants variants(loop.get_executor(), {});
        http::Router router;
        endpoints::add_endpoints(router, loop.get_executor(), cameras, variants, {});
        const endpoints::StreamSettings streams;
        wall::add_wall(router, loop.get_executor(), cameras, variants, streams);
        clips::MuxerLoader loader(loop.get_executor(), {});
        const clips::PreRolls pre_rolls;
        const endpoints::EndpointSettings settings;
        clips::add_clips(router, loop.get_executor(),
                         {.cameras = cameras,
                          .variants = variants,
                          .settings = settings,
                          .loader = loader,
                          .pre_rolls = pre_rolls});
        const std::string page = endpoints::manual_page("1");
        CHECK(router.patterns().size() > 10);
        for (const std::string& pattern : router.patterns()) {
            CAPTURE(pattern);
            CHECK(page.find(as_written(pattern)) != std::string::npos);
        }
    }
}
