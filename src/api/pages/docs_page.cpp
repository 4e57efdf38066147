// A reader for our own OpenAPI document, made on the server: it works offline and needs no script.

#include "api/openapi_document.h"
#include "api/pages/page.h"
#include "api/pages/pages.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

/// Follows a "$ref" into components.
const OrderedJson& resolved(const OrderedJson& value) {
  const OrderedJson* at = &value;
  if (value.is_object() && value.contains("$ref")) {
    at = &openapi_document().at(OrderedJson::json_pointer(value.at("$ref").get<std::string>().substr(1)));
  }
  return *at;
}

std::string text_of(const OrderedJson& object, const char* name) {
  return object.is_object() && object.contains(name) && object.at(name).is_string() ? object.at(name).get<std::string>()
                                                                                    : std::string();
}

/// "x-summary-zh" beside "summary", where the document has both.
std::string summary_of(const Words& words, const OrderedJson& object, const std::string& name) {
  const std::string zh = words.chinese() ? text_of(object, ("x-" + name + "-zh").c_str()) : std::string();
  return zh.empty() ? text_of(object, name.c_str()) : zh;
}

std::string schema_name(const OrderedJson& schema) {
  if (schema.contains("$ref")) {
    const auto reference = schema.at("$ref").get<std::string>();
    return reference.substr(reference.rfind('/') + 1);
  }
  std::string out = text_of(schema, "type");
  if (schema.contains("items")) out += " [" + schema_name(schema.at("items")) + "]";
  if (schema.contains("enum")) {
    out.clear();
    for (const auto& value : schema.at("enum")) {
      out += (out.empty() ? "" : " | ") + (value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  return out;
}

/// Boxes that scroll are landmarks: each needs a name of its own among the many of this page.
std::string caption(const Words& words, Text what, const OrderedJson& operation) {
  return words(what) + " " + text_of(operation, "operationId");
}

Markup parameters(const Words& words, const OrderedJson& operation) {
  if (!operation.contains("parameters")) return {};
  std::vector<std::vector<Markup>> rows;
  for (const auto& each : operation.at("parameters")) {
    const auto& parameter = resolved(each);
    const bool required = parameter.value("required", false);
    rows.push_back({code(text_of(parameter, "name")), text_of(parameter, "in"),
                    parameter.contains("schema") ? schema_name(parameter.at("schema")) : std::string(),
                    words(required ? Text::kRequired : Text::kOptional), summary_of(words, parameter, "description")});
  }
  return table(caption(words, Text::kParameters, operation),
               {words(Text::kParameters), words(Text::kParameterIn), words(Text::kType), words(Text::kRequired),
                words(Text::kDescription)},
               rows);
}

Markup schema_link(const OrderedJson& schema) {
  const std::string name = schema_name(schema);
  return schema.contains("$ref") ? html::link("#schema-" + name, name) : Markup(name);
}

Markup contents(const OrderedJson& holder) {
  std::vector<Markup> items;
  if (!holder.contains("content")) return {};
  for (const auto& [type, media] : holder.at("content").items()) {
    Markup line = code(type);
    if (media.contains("schema")) {
      line += Markup(" ");
      line += schema_link(media.at("schema"));
    }
    items.push_back(el("li", {line}));
    if (media.contains("example"))
      items.push_back(el("li", {el("pre", {{"tabindex", "0"}}, {media.at("example").dump(2)})}));
  }
  return el("ul", {html::join(items)});
}

/// The document describes answers in English; in Chinese the status says enough where nothing more is written.
std::string description_of(const Words& words, const std::string& status, const OrderedJson& response) {
  if (!words.chinese() || response.contains("x-description-zh")) return summary_of(words, response, "description");
  if (status == "304") return words(Text::kDocsUnchanged);
  if (status == "503") return words(Text::kDocsNotReady);
  return words(Text::kDocsDone);
}

Markup responses(const Words& words, const OrderedJson& operation) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& [status, each] : operation.at("responses").items()) {
    const auto& response = resolved(each);
    rows.push_back({status, description_of(words, status, response), contents(response)});
  }
  return table(caption(words, Text::kResponses, operation),
               {words(Text::kHttpStatus), words(Text::kDescription), words(Text::kContent)}, rows);
}

Markup operation_section(const Words& words, const std::string& path, std::string method,
                         const OrderedJson& operation) {
  for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
  const std::string id = text_of(operation, "operationId");
  Markup out = el("h3", {{"id", id}}, {el("span", {{"class", "method"}}, {method}), " ", code(path)});
  out += el("p", {summary_of(words, operation, "summary")});
  if (const std::string more = summary_of(words, operation, "description"); !more.empty()) out += el("p", {more});
  if (operation.contains("security")) out += el("p", {{"class", "hint"}}, {words(Text::kNeedsSession)});
  out += parameters(words, operation);
  if (operation.contains("requestBody")) {
    out += el("h4", {words(Text::kRequestBody)});
    out += contents(resolved(operation.at("requestBody")));
  }
  out += responses(words, operation);
  return el("section", {{"class", "operation"}}, {out});
}

constexpr std::array<const char*, 5> kMethods = {"get", "post", "put", "patch", "delete"};

struct TagText {
  Markup contents;
  Markup sections;
};

TagText operations_of(const Words& words, const std::string& tag) {
  std::vector<Markup> entries;
  TagText out;
  for (const auto& [path, item] : openapi_document().at("paths").items()) {
    for (const char* method : kMethods) {
      if (!item.contains(method) || item.at(method).at("tags").at(0) != tag) continue;
      const auto& operation = item.at(method);
      entries.push_back(
          el("li", {html::link("#" + text_of(operation, "operationId"), summary_of(words, operation, "summary"))}));
      out.sections += operation_section(words, path, method, operation);
    }
  }
  out.contents = el("ul", {html::join(entries)});
  return out;
}

Markup schemas() {
  Markup out;
  for (const auto& [name, schema] : openapi_document().at("components").at("schemas").items()) {
    out += el("details", {{"id", "schema-" + name}},
              {el("summary", {code(name)}), el("pre", {{"tabindex", "0"}}, {schema.dump(2)})});
  }
  return out;
}

}  // namespace

Answer docs_page(Api&, const http::Request& request) {
  const Words words(request);
  const auto& document = openapi_document();
  Page page;
  page.title = words(Text::kDocsTitle);
  page.json_twin = "/openapi.json";
  page.wide = true;
  page.body = el("h1", {page.title});
  page.body += el("p", {{"class", "lead"}}, {summary_of(words, document.at("info"), "description")});
  page.body += el("p", {words(Text::kDocsLead), " ", html::link("/openapi.yaml", words(Text::kDocsDownload)), " · ",
                        html::link("/problems", words(Text::kProblemsTitle))});
  Markup sections;
  std::vector<Markup> entries;
  for (const auto& tag : document.at("tags")) {
    const std::string name = text_of(tag, "name");
    const std::string title = summary_of(words, tag, "description");
    const auto part = operations_of(words, name);
    entries.push_back(el("li", {html::link("#tag-" + name, title), part.contents}));
    sections += el("h2", {{"id", "tag-" + name}}, {title});
    sections += part.sections;
  }
  page.body +=
      el("nav", {{"class", "toc"}, {"aria-label", words(Text::kDocsContents)}}, {el("ul", {html::join(entries)})});
  page.body += sections;
  page.body += el("h2", {"Schemas"});
  page.body += schemas();
  return render(request, page);
}

}  // namespace chancery::api
