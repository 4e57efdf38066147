#include "api/openapi_document.h"

#include <yaml-cpp/yaml.h>

#include <charconv>

#include "api/embedded.h"

namespace chancery::api {
namespace {

OrderedJson scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // it was quoted
  if (text.empty() || text == "null" || text == "~") return nullptr;
  if (text == "true") return true;
  if (text == "false") return false;
  std::int64_t integer = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error == std::errc() && end == text.data() + text.size()) return integer;
  return text;
}

OrderedJson convert(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      OrderedJson out = OrderedJson::array();
      for (const auto& item : node) out.push_back(convert(item));
      return out;
    }
    case YAML::NodeType::Map: {
      OrderedJson out = OrderedJson::object();
      for (const auto& pair : node) out[pair.first.Scalar()] = convert(pair.second);
      return out;
    }
    default:
      return nullptr;
  }
}

}  // namespace

Result<OrderedJson> json_from_yaml(const std::string& yaml) {
  try {
    return convert(YAML::Load(yaml));
  } catch (const YAML::Exception& thrown) {
    return fail(Reason::kMalformed, thrown.what());
  }
}

const OrderedJson& openapi_document() {
  static const OrderedJson kDocument = [] {
    auto document = json_from_yaml(std::string(openapi_yaml()));
    CHANCERY_CHECK(document.has_value());
    return std::move(*document);
  }();
  return kDocument;
}

const std::string& openapi_json_text() {
  static const std::string kText = openapi_document().dump();
  return kText;
}

}  // namespace chancery::api
