#include <fmt/core.h>

#include <cstdlib>

#include "base/random.h"
#include "cli/all_commands.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/show.h"
#include "documents/jose/jwk.h"
#include "ledger/genesis.h"
#include "node/node_files.h"
#include "node/services/desk_key.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kPkcs12Limit_bytes = 64U << 10;

struct KeyOptions {
  std::string directory = std::getenv("CHANCERY_KEYS") != nullptr ? std::getenv("CHANCERY_KEYS") : "keys";
  std::string account;
  std::string algorithm = "sm2-sm3";
  std::string file;
  std::string out_passphrase_file;
  PassphraseSource passphrase;
};

void add_directory(Command& command, KeyOptions& options) {
  command.option("--keys", options.directory, "DIR",
                 {"密钥目录（CHANCERY_KEYS），默认 ./keys", "Key directory (CHANCERY_KEYS), default ./keys"});
}

nlohmann::json facts_of(std::string_view account, const crypto::PublicKey& key) {
  return {{"account", account},
          {"algorithm", crypto::to_string(key.algorithm)},
          {"key_id", to_hex(crypto::key_id(key))},
          {"public_key", to_hex(key.bytes)}};
}

void show_facts(Terminal& terminal, const nlohmann::json& facts) {
  if (terminal.json()) return terminal.print_json(facts);
  for (const auto& [name, words] : {std::pair<const char*, Words>{"account", {"账户", "account"}},
                                    {"algorithm", {"算法", "algorithm"}},
                                    {"key_id", {"密钥标识", "key id"}},
                                    {"public_key", {"公钥", "public key"}}}) {
    terminal.print(fmt::format("{}: {}", terminal.pick(words), facts[name].get<std::string>()));
  }
}

Result<ExitCode> make_new(const KeyOptions& options, Terminal& terminal) {
  const auto algorithm = crypto::signature_algorithm_from_string(options.algorithm);
  CHANCERY_CHECK(algorithm.has_value());  // one_of lets nothing else through
  SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, crypto::PrivateKey::generate(*algorithm, random));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  TRY(save_key(options.directory, options.account, key, passphrase));
  terminal.say(
      fmt::format("{} {}", terminal.pick({"已写入", "written:"}), key_file_path(options.directory, options.account)));
  show_facts(terminal, facts_of(options.account, key.public_key()));
  return ExitCode::kOk;
}

Result<ExitCode> show_one(const KeyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, load_key(options.directory, options.account, passphrase));
  show_facts(terminal, facts_of(options.account, key.public_key()));
  return ExitCode::kOk;
}

Result<ExitCode> list(const KeyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::vector<std::string> accounts, list_keys(options.directory));
  if (terminal.json()) {
    terminal.print_json(accounts);
  } else {
    for (const std::string& account : accounts) terminal.print(account);
    if (accounts.empty()) terminal.say(Words{"目录中没有密钥文件。", "There are no key files in the directory."});
  }
  return ExitCode::kOk;
}

Result<ExitCode> export_pkcs12(const KeyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, load_key(options.directory, options.account, passphrase));
  ASSIGN_OR_RETURN(const Bytes file, key.to_pkcs12(passphrase, options.account));
  TRY(write_file(options.file, file, Overwrite::kRefuse, Access::kOwnerOnly));
  terminal.say(fmt::format("{} {}", terminal.pick({"已导出（口令不变）", "exported, under the same passphrase:"}),
                           options.file));
  if (terminal.json()) terminal.print_json({{"file", options.file}, {"account", options.account}});
  return ExitCode::kOk;
}

Result<ExitCode> import(const KeyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Bytes content, read_file(options.file, kPkcs12Limit_bytes));
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  const bool is_pem = as_text(content).starts_with("-----BEGIN");
  ASSIGN_OR_RETURN(const crypto::PrivateKey key, is_pem
                                                     ? crypto::PrivateKey::from_pkcs8_pem(as_text(content), passphrase)
                                                     : crypto::PrivateKey::from_pkcs12(content, passphrase));
  TRY(save_key(options.directory, options.account, key, passphrase));
  show_facts(terminal, facts_of(options.account, key.public_key()));
  return ExitCode::kOk;
}

/// The desk's public key, which signs a node's SD-JWTs, for verifiers.
Result<ExitCode> issuer_key(const KeyOptions& options, Terminal& terminal) {
  ASSIGN_OR_RETURN(const std::string genesis_text, read_text(node::genesis_path(options.directory)));
  ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(genesis_text));
  const std::string keys = options.directory + "/keys";
  if (!exists(keys + "/desk.p8"))
    return fail(Reason::kNotFound, "the node has no desk key yet: start it once", "节点尚无柜台密钥：请先启动一次");
  ASSIGN_OR_RETURN(const std::string passphrase, options.passphrase.get(terminal));
  SystemRandom random;
  ASSIGN_OR_RETURN(const node::DeskKey desk, node::DeskKey::open(keys, passphrase, *genesis.suite, random));
  const nlohmann::json jwk = documents::to_json({desk.sd_jwt_key().public_key(), {}});
  if (options.file.empty()) {
    terminal.print_json(jwk);
    return ExitCode::kOk;
  }
  return deliver(terminal, options.file, jwk.dump(2) + "\n");
}

}  // namespace

void add_keys(CommandTree& tree) {
  Command& keys = tree.root().sub("keys", {"本地加密密钥文件", "Encrypted key files on this machine"});
  keys.example("keys new lin --keys ./keys", {"生成一把 SM2 密钥", "Make an SM2 key"});
  keys.example("keys list --keys ./keys", {"列出密钥", "List the keys"});
  const auto options = std::make_shared<KeyOptions>();
  const auto leaf = [&](const char* name, Words words,
                        Result<ExitCode> (*action)(const KeyOptions&, Terminal&)) -> Command& {
    Command& command = keys.sub(name, words);
    add_directory(command, *options);
    command.run([options, action](Terminal& terminal) { return action(*options, terminal); });
    return command;
  };
  const Words account_words{"账户，[a-z0-9._-]", "Account, [a-z0-9._-]"};

  Command& fresh = leaf("new", {"生成密钥", "Make a key"}, make_new);
  fresh.positional("ACCOUNT", options->account, account_words);
  fresh.option("--algorithm", options->algorithm, "NAME", {"签名算法，默认 sm2-sm3", "Algorithm, default sm2-sm3"})
      .one_of({"sm2-sm3", "ed25519", "ecdsa-p256-sha256"});
  options->passphrase.add_to(fresh);
  fresh.example("keys new lin --keys ./keys", {"SM2 密钥", "An SM2 key"});
  fresh.example("keys new bank --algorithm ed25519 --keys ./keys", {"Ed25519 密钥", "An Ed25519 key"});

  Command& one = leaf("show", {"显示公钥与标识", "Show the public key and its id"}, show_one);
  one.positional("ACCOUNT", options->account, account_words);
  options->passphrase.add_to(one);
  one.example("keys show lin --keys ./keys", {"显示", "Show it"});
  one.example("keys show lin --keys ./keys --json", {"以 JSON 显示", "As JSON"});

  Command& all = leaf("list", {"列出密钥文件", "List key files"}, list);
  all.example("keys list --keys ./keys", {"列出", "List them"});
  all.example("keys list --keys ./keys --json", {"以 JSON 列出", "As JSON"});

  Command& out = leaf("export", {"导出为 PKCS#12", "Export as PKCS#12"}, export_pkcs12);
  out.positional("ACCOUNT", options->account, account_words);
  out.option("--out", options->file, "FILE", {"目标文件", "Where to write"}).required();
  options->passphrase.add_to(out);
  out.example("keys export lin --keys ./keys --out lin.p12", {"导出", "Export"});
  out.example("keys export bank --keys ./keys --out bank.p12 --json", {"导出并输出 JSON", "Export, answer as JSON"});

  Command& in = leaf("import", {"导入 PKCS#12 或 PKCS#8", "Import PKCS#12 or PKCS#8"}, import);
  in.positional("ACCOUNT", options->account, account_words);
  in.option("--file", options->file, "FILE", {"来源文件", "What to read"}).required();
  options->passphrase.add_to(in);
  in.example("keys import lin2 --file lin.p12 --keys ./keys", {"导入 PKCS#12", "Import PKCS#12"});
  in.example("keys import lin3 --file keys/lin.p8 --keys ./keys", {"导入 PKCS#8", "Import PKCS#8"});

  Command& desk =
      keys.sub("issuer", {"导出节点签发 SD-JWT 的公钥（JWK）", "Export the key that signs a node's SD-JWTs (JWK)"});
  desk.option("--directory", options->directory, "DIR", {"节点目录", "Node directory"}).required();
  desk.option("--out", options->file, "FILE", {"目标文件，默认标准输出", "Where to write, default stdout"});
  options->passphrase.add_to(desk);
  desk.example("keys issuer --directory data/node", {"输出到标准输出", "To stdout"});
  desk.example("keys issuer --directory data/node --out issuer.jwk", {"写入文件", "To a file"});
  desk.run([options](Terminal& terminal) { return issuer_key(*options, terminal); });
}

}  // namespace chancery::cli
