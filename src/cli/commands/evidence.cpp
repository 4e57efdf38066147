#include <fmt/core.h>

#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/http_session.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string number;
  std::string file;
  std::vector<std::string> files;
  std::string digests;
  std::string hash = "sm3";
  std::string matter;
  std::string phase = "fixed";
  std::string media_type;
  std::string item;
  std::string out;
  std::string idempotency_key;
  LoginOptions login;
};
using Shared = std::shared_ptr<Options>;

std::string target(const Options& options, std::string_view rest = {}) {
  return fmt::format("/v1/evidence/{}{}", percent_encoded(options.number), rest);
}

/// Only digests leave this machine; the file never does.
Result<ExitCode> deposit(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const FileDigest sm3, digest_file(options.file, crypto::HashAlgorithm::kSm3));
  ASSIGN_OR_RETURN(const FileDigest sha256, digest_file(options.file, crypto::HashAlgorithm::kSha256));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  Json body = {{"sm3", to_hex(sm3.digest)},
               {"sha256", to_hex(sha256.digest)},
               {"size_bytes", sm3.size_bytes},
               {"phase", options.phase}};
  if (!options.matter.empty()) body["matter"] = options.matter;
  if (!options.media_type.empty()) body["media_type"] = options.media_type;
  ASSIGN_OR_RETURN(const Json answer, session.post("/v1/evidence", body, options.idempotency_key));
  show(terminal, answer);
  return ExitCode::kOk;
}

/// 32 bytes a digest, one after another: of the named files in order, or a file that holds them already.
Result<Bytes> digests_of(const Options& options, Terminal& terminal) {
  if (!options.digests.empty()) return read_file(options.digests);
  if (options.files.empty())
    return fail(Reason::kUsage, "name files, or give --digests", "请列出文件，或给出 --digests");
  const auto algorithm = crypto::hash_algorithm_from_string(options.hash);
  CHANCERY_CHECK(algorithm.has_value());  // one_of lets nothing else through
  Bytes all;
  Progress progress(terminal, {"计算摘要", "hashing"}, options.files.size());
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    ASSIGN_OR_RETURN(const FileDigest one, digest_file(options.files[i], *algorithm));
    append(all, one.digest);
    progress.advance_to(i + 1);
  }
  return all;
}

Result<ExitCode> batch(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Bytes digests, digests_of(options, terminal));
  ASSIGN_OR_RETURN(HttpSession session, options.login.open(terminal));
  std::string query =
      fmt::format("/v1/evidence/batches?phase={}&hash={}", percent_encoded(options.phase), options.hash);
  if (!options.matter.empty()) query += "&matter=" + percent_encoded(options.matter);
  ASSIGN_OR_RETURN(const std::string text,
                   session.post_bytes(query, "application/octet-stream", as_text(digests), options.idempotency_key));
  ASSIGN_OR_RETURN(const Json answer, parse_json(text));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> show_one(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  ASSIGN_OR_RETURN(const Json answer, session.get(target(options)));
  show(terminal, answer);
  return ExitCode::kOk;
}

Result<ExitCode> receipt(const Options& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  const bool cbor = options.out.ends_with(".cbor");
  const std::string path = options.item.empty()
                               ? target(options, cbor ? "/receipt.cbor" : "/receipt.json")
                               : fmt::format("/v1/evidence/batches/{}/items/{}/receipt",
                                             percent_encoded(options.number), percent_encoded(options.item));
  ASSIGN_OR_RETURN(const std::string content, session.get_text(path));
  return deliver(terminal, options.out, content);
}

}  // namespace

void add_evidence(CommandTree& tree) {
  Command& evidence = tree.root().sub(
      "evidence", {"存证：摘要在本机计算，文件不离开", "Evidence: digests are made here, files stay here"});
  evidence.example("evidence deposit photo.jpg --matter MW-2026-0002 --as lin", {"存证一个文件", "Deposit a file"});
  evidence.example("evidence show $NUMBER", {"查看存证", "Look at it"});
  const auto options = std::make_shared<Options>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const Options&, Terminal&)) -> Command& {
    Command& command = evidence.sub(name, words);
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };
  const auto facts = [&](Command& command) {
    command.option("--matter", options->matter, "NUMBER",
                   {"案件或事项编号，关联各阶段", "Matter number; links the phases"});
    command.option("--phase", options->phase, "CODE", {"阶段代码，默认 fixed", "Code of the phase, default fixed"});
    options->login.add_to(command);
    command.option("--idempotency-key", options->idempotency_key, "KEY",
                   {"幂等键", "The same key gives the same answer when repeated"});
  };

  Command& depositing = leaf("deposit", {"存证一个文件", "Deposit one file"}, deposit);
  depositing.positional("FILE", options->file, {"文件", "File"});
  depositing.option("--media-type", options->media_type, "TYPE", {"媒体类型", "Media type"});
  facts(depositing);
  depositing.example("evidence deposit photo.jpg --as lin", {"存证", "Deposit"});
  depositing.example("evidence deposit photo.jpg --matter MW-2026-0002 --as lin --json",
                     {"关联事项", "Linked to a matter"});

  Command& batching = leaf(
      "batch", {"批量存证：一次签名，最多一百万个摘要", "Deposit up to a million digests under one signature"}, batch);
  batching.positional("FILE", options->files, {"文件", "Files"}, false);
  batching.option("--digests", options->digests, "FILE",
                  {"已有摘要，每个 32 字节相连", "Digests at hand, 32 bytes each"});
  batching.option("--hash", options->hash, "NAME", {"摘要算法，默认 sm3", "Hash, default sm3"})
      .one_of({"sm3", "sha256"});
  facts(batching);
  batching.example("evidence batch a.jpg b.jpg --as lin", {"两个文件", "Two files"});
  batching.example("evidence batch --digests digests.bin --as lin --json", {"已有摘要", "Digests at hand"});

  const Words number_words{"存证编号", "Evidence number"};
  Command& shown = leaf("show", {"查看存证", "Look at a deposit"}, show_one);
  shown.positional("NUMBER", options->number, number_words);
  shown.example("evidence show $NUMBER", {"查看", "Show it"});
  shown.example("evidence show $NUMBER --json", {"以 JSON 查看", "As JSON"});

  Command& receipts = leaf("receipt", {"下载可离线核验的凭证", "Fetch a receipt for offline verification"}, receipt);
  receipts.positional("NUMBER", options->number, number_words);
  receipts.option("--item", options->item, "INDEX|DIGEST", {"批量存证中的一项", "One item of a batch"});
  receipts.option("--out", options->out, "FILE", {"写入文件而非标准输出", "Write there instead of stdout"});
  receipts.example("evidence receipt $NUMBER --out photo.receipt.json", {"整笔存证的凭证", "Of the deposit"});
  receipts.example("evidence receipt $BATCH --item 0 --out item.receipt.json",
                   {"批量中第一项的凭证", "Of a batch's first item"});
}

}  // namespace chancery::cli
