#pragma once
// openapi.yaml as JSON, read once. Members keep the order of the file.

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"

namespace chancery::api {

using OrderedJson = nlohmann::ordered_json;

/// YAML 1.2 core schema, as far as our own document uses it. kMalformed otherwise.
Result<OrderedJson> json_from_yaml(const std::string& yaml);

const OrderedJson& openapi_document();
const std::string& openapi_json_text();

}  // namespace chancery::api
