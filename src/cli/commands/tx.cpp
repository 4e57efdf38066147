#include <fmt/core.h>

#include <cstdlib>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/random.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/http_session.h"
#include "cli/method_messages.h"
#include "cli/show.h"
#include "ledger/genesis.h"
#include "ledger/transaction.h"

namespace chancery::cli {
namespace {

constexpr std::int64_t kWindow_ms = 120'000;

struct Options {
  std::string file;
  std::string trust = std::getenv("CHANCERY_TRUST") != nullptr ? std::getenv("CHANCERY_TRUST") : "";
  std::string out;
  std::string memo;
  std::string keys = std::getenv("CHANCERY_KEYS") != nullptr ? std::getenv("CHANCERY_KEYS") : "keys";
  std::vector<std::string> signers;
  std::string id;
  std::string until = "final";
  PassphraseSource passphrase;
};

/// [ { "call": "credential.revoke", "args": {...} }, ... ]
Status add_calls(const std::string& text, wire::Body& body) {
  ASSIGN_OR_RETURN(const Json document, parse_json(text));
  if (!document.is_array() || document.empty())
    return fail(Reason::kInvalidValue, "a file of calls is an array: [ { \"call\": ..., \"args\": {...} } ]");
  for (const Json& item : document) {
    JsonReader reader(item);
    ASSIGN_OR_RETURN(const std::string call, reader.required_string("call", 130, 3));
    ASSIGN_OR_RETURN(const Json* args, reader.required_any("args"));
    TRY(reader.refuse_unknown_members());
    ASSIGN_OR_RETURN(const std::string encoded, encode_arguments(call, args->dump()));
    const std::size_t dot = call.find('.');
    ledger::add_call(body, call.substr(0, dot), call.substr(dot + 1), encoded);
  }
  return {};
}

Result<ExitCode> build(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string trust_text, read_text(options.trust));
  ASSIGN_OR_RETURN(const ledger::TrustFile trust, ledger::TrustFile::parse(trust_text));
  ASSIGN_OR_RETURN(const std::string calls, read_text(options.file));
  SystemRandom random;
  wire::Body body = ledger::make_body(trust.genesis.network_id, SystemClock().now_ms(),
                                      std::min(kWindow_ms, trust.genesis.parameters.window_ms), random);
  TRY(add_calls(calls, body));
  body.set_memo(options.memo);
  return deliver(terminal, options.out, body.SerializeAsString());
}

Result<ExitCode> sign(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string bytes, read_text(options.file));
  wire::Body body;
  if (!body.ParseFromString(bytes)) return fail(Reason::kMalformed, options.file + " is no transaction body");
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  // Signed over the very bytes of the file, so the envelope is put together here.
  wire::Transaction transaction;
  transaction.set_body(bytes);
  for (const std::string& account : options.signers) {
    ASSIGN_OR_RETURN(const crypto::PrivateKey key, load_key(options.keys, account, passphrase));
    ASSIGN_OR_RETURN(const crypto::Signature signature, key.sign(as_bytes(bytes)));
    const crypto::KeyId key_id = crypto::key_id(key.public_key());
    wire::Signature* one = transaction.add_signatures();
    one->set_account(account);
    one->set_key_id(key_id.data(), key_id.size());
    one->set_algorithm(static_cast<std::uint32_t>(key.algorithm()));
    one->set_value(signature.data(), signature.size());
  }
  return deliver(terminal, options.out, transaction.SerializeAsString());
}

Result<ExitCode> submit(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Bytes bytes, read_file(options.file));
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const std::string text, session.post_bytes("/v1/transactions?until=" + options.until,
                                                              "application/x-protobuf", as_text(bytes)));
  ASSIGN_OR_RETURN(const Json answer, parse_json(text));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> show_one(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const Json answer, session.get("/v1/transactions/" + percent_encoded(options.id)));
  show(terminal, answer);
  return ExitCode::kOk;
}

}  // namespace

void add_tx(CommandTree& tree) {
  Command& tx = tree.root().sub("tx", {"交易：自行构造、签名、提交", "Transactions: build, sign, submit yourself"});
  tx.example("tx build calls.json --trust trust.json --out body.bin", {"由 JSON 构造", "Build from JSON"});
  tx.example("tx show $TX", {"查看结果", "Look at the result"});
  const auto options = std::make_shared<Options>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const Options&, Terminal&)) -> Command& {
    Command& command = tx.sub(name, words);
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };
  const Words out_words{"写入此文件", "Where to write"};

  Command& building =
      leaf("build", {"由 JSON 调用构造交易体（有效期 2 分钟）", "Make a body from calls in JSON; valid for 2 minutes"},
           build);
  building.positional(
      "FILE", options->file,
      {"调用：[ { \"call\": ..., \"args\": {...} } ]", "Calls: [ { \"call\": ..., \"args\": {...} } ]"});
  building.option("--trust", options->trust, "FILE", {"网络的信任文件", "Trust file of the network"}).required();
  building.option("--memo", options->memo, "TEXT", {"备注（公开）", "Memo, public"});
  building.option("--out", options->out, "FILE", out_words).required();
  building.example("tx build calls.json --trust trust.json --out body.bin", {"构造", "Build"});
  building.example("tx build calls.json --trust trust.json --memo 测试 --out body.bin --json",
                   {"带备注", "With a memo"});

  Command& signing = leaf("sign", {"用本地密钥签名", "Sign with keys of this machine"}, sign);
  signing.positional("FILE", options->file, {"交易体", "Body"});
  signing.option("--signer", options->signers, "ACCOUNT", {"签名账户", "Account that signs"}).required();
  signing.option("--keys", options->keys, "DIR", {"密钥目录（CHANCERY_KEYS）", "Key directory (CHANCERY_KEYS)"});
  signing.option("--out", options->out, "FILE", out_words).required();
  options->passphrase.add_to(signing);
  signing.example("tx sign body.bin --signer he --keys ./keys --out tx.bin", {"一人签名", "One signer"});
  signing.example("tx sign body.bin --signer he --signer lin --keys ./keys --out tx.bin", {"两人签名", "Two signers"});

  Command& submitting = leaf("submit", {"提交已签名的交易", "Submit a signed transaction"}, submit);
  submitting.positional("FILE", options->file, {"已签名的交易", "Signed transaction"});
  submitting.option("--until", options->until, "STAGE", {"等到哪一步，默认 final", "Stage to wait for, default final"})
      .one_of({"received", "ordered", "final"});
  submitting.example("tx submit tx.bin", {"提交并等待终局", "Submit and wait until final"});
  submitting.example("tx submit tx.bin --until received --json", {"不等待", "Without waiting"});

  Command& shown = leaf("show", {"查看交易", "Look at a transaction"}, show_one);
  shown.positional("ID", options->id, {"交易标识（十六进制）", "Id in hexadecimal"});
  shown.example("tx show $TX", {"查看", "Show it"});
  shown.example("tx show $TX --json", {"以 JSON 查看", "As JSON"});
}

}  // namespace chancery::cli
