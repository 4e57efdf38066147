#include <fmt/core.h>

#include <cstdlib>

#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/http_session.h"
#include "cli/show.h"
#include "cli/verdict_of_receipt.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string transaction;
  std::string out;
  std::string file;
  std::string trust = std::getenv("CHANCERY_TRUST") != nullptr ? std::getenv("CHANCERY_TRUST") : "";
};

Result<ExitCode> get(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  const char* form = options.out.ends_with(".cbor") ? "receipt.cbor" : "receipt.json";
  ASSIGN_OR_RETURN(const std::string receipt,
                   session.get_text(fmt::format("/v1/transactions/{}/{}", percent_encoded(options.transaction), form)));
  return deliver(terminal, options.out, receipt);
}

/// Yes or no in one line; `verify` explains.
Result<ExitCode> check(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string trust_text, read_text(options.trust));
  ASSIGN_OR_RETURN(const ledger::TrustFile trust, ledger::TrustFile::parse(trust_text));
  ASSIGN_OR_RETURN(const Bytes content, read_file(options.file));
  bool passed = true;
  nlohmann::json results = nlohmann::json::array();
  for (const FileVerdict& verdict : verify_content(content, trust, {})) {
    passed = passed && verdict.passed;
    results.push_back(verdict.to_json());
  }
  if (terminal.json()) {
    terminal.print_json(results);
  } else {
    terminal.print_marked(passed ? Mark::kOk : Mark::kFailed,
                          passed ? terminal.pick({"证明成立", "the proof holds"})
                                 : terminal.pick({"证明不成立", "the proof does NOT hold"}));
  }
  return passed ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace

void add_proof(CommandTree& tree) {
  Command& proof = tree.root().sub("proof", {"交易的证明", "Proofs of transactions"});
  proof.example("proof get $TX --out tx.receipt.json", {"取得交易凭证", "Fetch a transaction's receipt"});
  proof.example("proof check tx.receipt.json --trust trust.json", {"检查证明", "Check it"});
  const auto options = std::make_shared<Options>();
  Command& getting =
      proof.sub("get", {"下载交易凭证（含包含证明）", "Fetch a transaction's receipt with its inclusion proof"});
  getting.positional("ID", options->transaction, {"交易标识（十六进制）", "Id in hexadecimal"});
  getting.option("--out", options->out, "FILE", {"写入此文件", "Where to write"}).required();
  getting.example("proof get $TX --out tx.receipt.json", {"JSON 凭证", "As JSON"});
  getting.example("proof get $TX --out tx.receipt.cbor", {"CBOR 凭证", "As CBOR"});
  getting.run([options](Terminal& terminal) { return get(*options, terminal); });
  Command& checking = proof.sub("check", {"离线检查，只答成立与否", "Check offline, yes or no"});
  checking.positional("FILE", options->file, {"凭证文件", "Receipt"});
  checking.option("--trust", options->trust, "FILE", {"网络的信任文件", "Trust file of the network"}).required();
  checking.example("proof check tx.receipt.json --trust trust.json", {"检查", "Check"});
  checking.example("proof check tx.receipt.cbor --trust trust.json --json", {"输出 JSON", "Answer as JSON"});
  checking.run([options](Terminal& terminal) { return check(*options, terminal); });
}

}  // namespace chancery::cli
