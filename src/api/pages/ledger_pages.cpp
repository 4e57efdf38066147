// Pages of transactions, blocks and records.

#include <charconv>

#include "api/decode_message.h"
#include "api/pages/page.h"
#include "api/pages/pages.h"
#include "api/pages/proof_section.h"
#include "api/views.h"
#include "ledger/transaction.h"

namespace chancery::api {

using html::el;
using html::Markup;

namespace {

constexpr std::uint32_t kTransactionsShown = 100;

Markup json_block(const Json& value) {
  return el("pre", {{"tabindex", "0"}}, {value.dump(2, ' ', false, Json::error_handler_t::replace)});
}

Markup transaction_link(const std::string& id) {
  return html::link("/transaction/" + id, code(id));
}

Markup signatures(const Words& words, const Json& entry) {
  std::vector<std::vector<Markup>> rows;
  for (const auto& signature : entry.at("signatures")) {
    rows.push_back(
        {signature.value("account", ""), signature.value("algorithm", ""), code(signature.value("key_id", ""))});
  }
  return table(words(Text::kSigners), {words(Text::kAccount), words(Text::kAlgorithm), words(Text::kKeyId)}, rows);
}

Markup calls(const Words& words, const Json& entry) {
  Markup out = el("h2", {words(Text::kCalls)});
  for (const auto& call : entry.at("calls")) {
    out += el("h3", {code(call.value("contract", "") + "." + call.value("method", ""))});
    out += json_block(call.contains("arguments") ? call.at("arguments") : call.at("args"));
  }
  return out;
}

Markup subject_link(const std::string& type, const std::string& subject) {
  if (type.starts_with("credential.type")) return html::link(path_to("/type/", subject), subject);
  if (type.starts_with("credential.")) return html::link(path_to("/credential/", subject), subject);
  if (type.starts_with("evidence.")) return html::link(path_to("/evidence/", subject), subject);
  return subject;
}

Markup events(const Words& words, const Json& entry) {
  Markup out = el("h2", {words(Text::kEvents)});
  std::vector<std::vector<Markup>> rows;
  for (const auto& event : entry.at("events")) {
    rows.push_back({event.value("type", ""), subject_link(event.value("type", ""), event.value("subject", ""))});
  }
  if (rows.empty()) return out += el("p", {{"class", "empty"}}, {words(Text::kNoEvents)});
  return out += table(words(Text::kEvents), {words(Text::kType), words(Text::kContent)}, rows);
}

Markup result_of(const Words& words, const wire::Entry& entry) {
  if (entry.reason().empty()) return words(Text::kTookEffect);
  Markup out = words(Text::kRefused);
  out += Markup(words.chinese() ? "：" : ": ");
  out += html::link("/problems/" + entry.reason(), entry.reason());
  return out += el("p", {entry.detail()});
}

Page in_flight_page(const Words& words, const std::string& id) {
  Page page;
  page.title = words(Text::kInFlight);
  page.body = verdict_box("expired", words(Text::kInFlight), {words(Text::kInFlightHelp)});
  page.body += facts({{words(Text::kTransactionId), code(id)}});
  return page;
}

Markup transactions_of_block(Api& api, const Words& words, const wire::BlockHeader& header) {
  std::vector<std::vector<Markup>> rows;
  for (std::uint64_t i = 0; i < header.count() && rows.size() < kTransactionsShown; ++i) {
    const auto entry = api.ledger().entry(header.first_leaf() + i);
    wire::Transaction transaction;
    wire::Body body;
    if (!entry || !transaction.ParseFromString(entry->transaction()) || !body.ParseFromString(transaction.body()))
      break;
    const auto id = to_hex(ledger::transaction_id(api.node.genesis().suite->hash, as_bytes(transaction.body())));
    const std::string call = body.calls_size() == 0 ? "" : body.calls(0).contract() + "." + body.calls(0).method();
    rows.push_back({transaction_link(id), call,
                    transaction.signatures_size() == 0 ? "" : transaction.signatures(0).account(),
                    words(entry->reason().empty() ? Text::kTookEffect : Text::kRefused)});
  }
  Markup out =
      table(words(Text::kTransactionsOfBlock),
            {words(Text::kTransactionTitle), words(Text::kCalls), words(Text::kAccount), words(Text::kResult)}, rows);
  if (header.count() > rows.size()) {
    out += el("p", {words(Text::kFirstOf, {std::to_string(rows.size()), std::to_string(header.count())})});
  }
  return out;
}

}  // namespace

Answer transaction_page(Api& api, const http::Request& request) {
  const std::string& text = request.parameters.at(0);
  if (const auto stem = json_stem(text)) return see_other(path_to("/v1/transactions/", *stem));
  const auto id = digest_from_hex(text);
  if (!id)
    return fail(Reason::kNotFound, "A transaction id has 64 hexadecimal digits.", "交易标识是 64 位十六进制数。");
  const Words words(request);
  ASSIGN_OR_RETURN(const auto found, api.ledger().find_transaction(*id));
  if (!found) {
    ASSIGN_OR_RETURN(const auto outcome, api.node.outcome(*id));
    if (!outcome) return fail(Reason::kNotFound, "No such transaction is known here.", "本节点没有这笔交易。");
    if (outcome->error) return std::unexpected(*outcome->error);
    return render(request, in_flight_page(words, text), 202);
  }
  const Json entry = view_of(found->entry, found->leaf_index, *id);
  Page page;
  page.title = words(Text::kTransactionTitle) + " " + text.substr(0, 12);
  page.json_twin = "/v1/transactions/" + text;
  page.wide = true;
  page.body = el("h1", {words(Text::kTransactionTitle)});
  page.body += facts({{words(Text::kTransactionId), code(text)},
                      {words(Text::kResult), result_of(words, found->entry)},
                      {words(Text::kBlock), block_link(found->entry.height())},
                      {words(Text::kTime), words.time(found->entry.time_ms())},
                      {words(Text::kLeafIndex), std::to_string(found->leaf_index)},
                      {words(Text::kMemo), entry.value("memo", "")}});
  if (entry.contains("calls")) {
    page.body += el("section", {calls(words, entry)});
    page.body += el("section", {el("h2", {words(Text::kSigners)}), signatures(words, entry)});
    page.body += el("section", {events(words, entry)});
  }
  page.body +=
      proof_section(api, words, api.ledger().receipt(found->leaf_index), "/v1/transactions/" + text + "/receipt");
  return render(request, page);
}

Answer block_page(Api& api, const http::Request& request) {
  const std::string& text = request.parameters.at(0);
  if (const auto stem = json_stem(text)) return see_other(path_to("/v1/blocks/", *stem));
  std::uint64_t height = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), height);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(Reason::kNotFound, "A height is a whole number.", "区块高度是整数。");
  }
  ASSIGN_OR_RETURN(const auto block, api.ledger().block(height));
  const Words words(request);
  const auto& header = block.header();
  const bool last = height >= api.ledger().head().height;
  Page page;
  page.title = words(Text::kBlockTitle, {text});
  page.json_twin = "/v1/blocks/" + text;
  page.wide = true;
  page.body = el("h1", {page.title});
  page.body += facts({{words(Text::kTime), words.time(header.time_ms())},
                      {words(Text::kTransactionCount), std::to_string(header.count())},
                      {words(Text::kBlockHash), code(to_hex(as_bytes(block.block_hash())))},
                      {words(Text::kStateRoot), code(to_hex(as_bytes(header.state_root())))},
                      {words(Text::kHistoryRoot), code(to_hex(as_bytes(header.history_root())))},
                      {words(Text::kPreviousBlock), block_link(height - 1)},
                      {words(Text::kNextBlock), last ? Markup() : block_link(height + 1)}});
  page.body +=
      el("section", {el("h2", {words(Text::kTransactionsOfBlock)}), transactions_of_block(api, words, header)});
  page.body +=
      el("section", {el("h2", {words(Text::kCheckpoint)}), el("pre", {{"tabindex", "0"}}, {block.checkpoint()})});
  return render(request, page);
}

Answer record_page(Api& api, const http::Request& request) {
  const std::string& contract = request.parameters.at(0);
  const std::string& collection = request.parameters.at(1);
  const std::string& name = request.parameters.at(2);
  const std::string twin = "/v1/records" + path_to("/", contract) + path_to("/", collection) + path_to("/", name);
  Bytes key = to_bytes(name);
  if (name.starts_with("hex:")) key = from_hex(std::string_view(name).substr(4)).value_or(key);
  if (contract.size() > 64 || collection.size() > 64 || key.size() > 1'024) return fail(Reason::kNotFound);
  ASSIGN_OR_RETURN(const auto record, api.ledger().record(contract, collection, key));
  const Words words(request);
  Page page;
  page.title = words(Text::kRecordTitle) + " " + name;
  page.json_twin = twin;
  page.wide = true;
  page.body = el("h1", {words(Text::kRecordTitle)});
  page.body += facts(
      {{words(Text::kContract), contract}, {words(Text::kCollection), collection}, {words(Text::kKey), code(name)}});
  if (!record.value) {
    page.body += el("p", {{"class", "lead"}}, {words(Text::kSearchNothing)});
    page.body += el("p", {html::link(twin + "?proof=true", words(Text::kDownloadAbsence))});
    return render(request, page, 404);
  }
  if (const auto decoded = decode_record(contract, collection, *record.value)) {
    page.body += el("h2", {words(Text::kContent)});
    page.body += json_block(*decoded);
  }
  page.body += el("h2", {words(Text::kRawValue)});
  page.body += el("pre", {{"class", "wrap"}, {"tabindex", "0"}}, {to_base64(*record.value)});
  page.body += el("p", {html::link(twin + "?proof=true", words(Text::kDownloadProof))});
  return render(request, page);
}

}  // namespace chancery::api
