#include <fmt/core.h>

#include <functional>
#include <memory>

#include "cli/all_commands.h"
#include "cli/commands/credential_actions.h"

namespace chancery::cli {
namespace {

using Options = CredentialOptions;
using Shared = std::shared_ptr<CredentialOptions>;

/// The subcommands share their options' storage and the way in.
class Builder {
 public:
  Builder(Command& parent, Shared options) : parent_(parent), options_(std::move(options)) {}

  Command& leaf(const char* name, Words words, std::function<Result<ExitCode>(const Options&, Terminal&)> action) {
    Command& command = parent_.sub(name, words);
    command.run(
        [options = options_, action = std::move(action)](Terminal& terminal) { return action(*options, terminal); });
    return command;
  }
  void id(Command& command) { command.positional("ID", options_->id, {"证照编号", "Id of the credential"}); }
  /// One id, or a file of them.
  void ids(Command& command) {
    command.positional("ID", options_->id, {"证照编号", "Id of the credential"}, false);
    command.option("--ids", options_->ids_file, "FILE", {"编号文件，每行一个", "File of ids, one a line"});
    command.option("--skip", options_->skip, "N", {"跳过文件的前 N 个", "Skip the first N of the file"});
    command.option("--limit", options_->limit, "N", {"最多办理 N 个", "At most N of them"});
  }
  void login(Command& command) {
    options_->login.add_to(command);
    command.option("--idempotency-key", options_->idempotency_key, "KEY",
                   {"幂等键；同一键重复提交得到同一结果", "The same key gives the same answer when repeated"});
  }
  void out(Command& command) {
    command.option("--out", options_->out, "FILE", {"写入文件而非标准输出", "Write there instead of stdout"});
  }

 private:
  Command& parent_;
  Shared options_;
};

void add_status_changes(Builder& builder, const Shared& options) {
  struct Change {
    const char* name;
    Words words;
    const char* reason;
  };
  for (const Change& each :
       {Change{"suspend", {"暂停", "Suspend"}, "under_review"}, Change{"resume", {"恢复", "Resume"}, "review_passed"},
        Change{"revoke", {"撤销（不可恢复）", "Revoke, for ever"}, "holder_request"}}) {
    Command& command = builder.leaf(
        each.name, each.words,
        [name = std::string(each.name)](const Options& o, Terminal& t) { return change_credentials(o, t, name); });
    builder.ids(command);
    command.option("--reason", options->reason, "CODE", {"原因代码", "Code of the reason"});
    builder.login(command);
    command.example(fmt::format("credential {} $ID --as he", each.name), {"以 he 的身份办理", "As he"});
    command.example(fmt::format("credential {} $ID --reason {} --as he --json", each.name, each.reason),
                    {"注明原因", "With a reason"});
  }
}

}  // namespace

void add_credential(CommandTree& tree) {
  Command& credential =
      tree.root().sub("credential", {"证照：签发、查询、变更、证明", "Credentials: issue, look up, change, prove"});
  credential.example("credential list --type residence-certificate", {"列出居住证明", "List residence certificates"});
  credential.example("credential receipt $ID --out my.receipt.json", {"下载凭证", "Fetch a receipt"});
  const auto options = std::make_shared<Options>();
  Builder builder(credential, options);

  Command& types =
      builder.leaf("type", {"查看证照类型，或以文件定义新类型", "Look at types, or define one from a file"},
                   [](const Options& o, Terminal& t) { return o.file.empty() ? show_types(o, t) : define_type(o, t); });
  types.positional("ID", options->id, {"类型标识，省略则列出全部", "Id of the type; all when left out"}, false);
  types.option("--define", options->file, "FILE", {"类型定义（JSON）", "Definition of a new type (JSON)"});
  builder.login(types);
  types.example("credential type", {"列出类型", "List types"});
  types.example("credential type residence-certificate --json", {"查看一个类型及其模式", "One type with its schema"});

  Command& issuing = builder.leaf("issue", {"签发一份或一批", "Issue one or many"}, issue_credentials);
  issuing.option("--type", options->type, "TYPE", {"证照类型", "Type"}).required();
  issuing
      .option("--fields", options->file, "FILE",
              {"字段：JSON 对象；数组或 .jsonl 则逐个签发", "Fields: a JSON object; an array or .jsonl issues many"})
      .required();
  issuing.option("--id", options->id, "ID", {"编号，省略则自动编号", "Id; assigned when left out"});
  builder.login(issuing);
  issuing.example("credential issue --type residence-certificate --fields fields.json --as lin",
                  {"签发一份", "Issue one"});
  issuing.example("credential issue --type residence-certificate --fields many.json --as lin --json",
                  {"签发一批", "Issue many"});

  Command& shown = builder.leaf("show", {"查看公开信息与结论", "Public facts and verdict"}, show_credential);
  builder.id(shown);
  shown.example("credential show $ID", {"查看", "Show it"});
  shown.example("credential show $ID --json", {"以 JSON 查看", "As JSON"});

  Command& listed = builder.leaf("list", {"列出与搜索", "List and search"}, list_credentials);
  listed.option("--type", options->type, "TYPE", {"证照类型", "Type"});
  listed.option("--issuer", options->issuer, "ID", {"签发机构", "Issuing organisation"});
  listed.option("--status", options->status, "STATUS", {"状态", "Status"});
  listed.option("--text", options->text, "TEXT", {"搜索文字（类型、机构、备注）", "Words in type, organisation, memo"});
  listed.option("--as-of", options->as_of, "HEIGHT|DATE", {"按当时的状态", "As it was then"});
  listed.flag("--count", options->count, {"只计数", "Only count them"});
  listed.option("--cursor", options->cursor, "CURSOR", {"下一页", "Next page"});
  listed.example("credential list --status revoked", {"已撤销的", "Revoked ones"});
  listed.example("credential list --text 居住 --json", {"按中文搜索", "Search Chinese text"});

  add_status_changes(builder, options);

  Command& annotating = builder.leaf(
      "annotate", {"加注（文字加密保存，链上仅存承诺）", "Annotate; the text stays encrypted off the chain"},
      annotate_credential);
  builder.id(annotating);
  annotating.option("--text", options->annotation, "TEXT", {"加注内容", "The text"}).required();
  builder.login(annotating);
  annotating.example("credential annotate $ID --text 地址已更正 --as lin", {"加注", "Annotate"});
  annotating.example("credential annotate $ID --text corrected --as lin --json", {"输出 JSON", "Answer as JSON"});

  Command& receipts =
      builder.leaf("receipt", {"下载可离线核验的凭证", "Fetch a receipt for offline verification"}, credential_receipt);
  builder.ids(receipts);
  builder.out(receipts);
  receipts.example("credential receipt $ID --out my.receipt.json", {"JSON 凭证", "As JSON"});
  receipts.example("credential receipt $ID --out my.receipt.cbor", {"CBOR 凭证", "As CBOR"});

  Command& states = builder.leaf("status", {"某一高度或时刻的状态", "Status at a height or moment"}, credential_status);
  builder.id(states);
  states.option("--at", options->at, "HEIGHT|DATE", {"区块高度或日期，默认现在", "Height or date, default now"});
  builder.out(states);
  states.example("credential status $ID", {"现在的状态", "Now"});
  states.example("credential status $ID --at 1 --json", {"第 1 区块时的状态", "At height 1"});

  Command& proofs = builder.leaf(
      "export-fields", {"导出所选字段的证明，供离线核验", "Export proofs of chosen fields, for offline verification"},
      export_fields);
  builder.id(proofs);
  proofs.option("--field", options->fields, "NAME", {"出示的字段，省略则全部", "Field to show; all when left out"});
  proofs.option("--purpose", options->purpose, "TEXT", {"用途（记入访问日志）", "Purpose, goes into the access log"})
      .required();
  builder.out(proofs);
  options->login.add_to(proofs);
  proofs.example("credential export-fields $ID --field name --purpose 开户 --as lin --out name.fields.json",
                 {"只出示姓名", "The name only"});
  proofs.example("credential export-fields $ID --purpose audit --as lin --out all.fields.json",
                 {"全部字段", "All fields"});

  Command& exported =
      builder.leaf("export-sd-jwt", {"导出可选择披露的 SD-JWT", "Export an SD-JWT with chosen fields"}, export_sd_jwt);
  builder.id(exported);
  exported.option("--field", options->fields, "NAME", {"披露的字段", "Field to disclose"});
  exported.option("--purpose", options->purpose, "TEXT", {"用途（记入访问日志）", "Purpose, goes into the access log"})
      .required();
  builder.out(exported);
  options->login.add_to(exported);
  exported.example("credential export-sd-jwt $ID --field name --purpose 开户 --as lin --out my.sdjwt",
                   {"只披露姓名", "The name only"});
  exported.example("credential export-sd-jwt $ID --purpose audit --as lin", {"不披露任何字段", "No field"});
}

}  // namespace chancery::cli
