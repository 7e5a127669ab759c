// What the documents of the interface for programs look like, as JSON Schema (2020-12, the dialect
// of OpenAPI 3.1). A system test compares each answer with its schema.
//
// Thread: any.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace onlooker::api {

// By name, as they stand under components/schemas.
nlohmann::json schemas();

}  // namespace onlooker::api
