#include <fmt/core.h>

#include "base/json.h"
#include "cli/all_commands.h"
#include "cli/http_session.h"
#include "cli/show.h"

namespace chancery::cli {
namespace {

struct Options {
  std::string contract;
  std::string collection;
  std::string key;
  std::string height;
  std::string out;
};

Result<ExitCode> get(const Options& options, Terminal& terminal) {
  std::string target = fmt::format("/v1/records/{}/{}/{}?", percent_encoded(options.contract),
                                   percent_encoded(options.collection), percent_encoded(options.key));
  if (!options.height.empty()) target += "height=" + percent_encoded(options.height) + "&";
  ASSIGN_OR_RETURN(HttpSession session, HttpSession::connect(terminal.options().server));
  if (options.out.empty()) {
    target.pop_back();
    ASSIGN_OR_RETURN(const Json answer, session.get(target));
    show(terminal, answer);
    return ExitCode::kOk;
  }
  ASSIGN_OR_RETURN(const std::string receipt, session.get_text(target + "proof=true"));
  return deliver(terminal, options.out, receipt);
}

}  // namespace

void add_record(CommandTree& tree) {
  Command& record = tree.root().sub("record", {"账本状态中的一条记录", "A record of the ledger's state"});
  record.example("record get identity organisation mawei-data", {"查看机构记录", "Look at an organisation"});
  record.example("record get credential credential $ID --proof record.receipt.json", {"并取得证明", "With its proof"});
  const auto options = std::make_shared<Options>();
  Command& one = record.sub(
      "get", {"查看记录；--proof 另存存在或不存在证明", "Look at it; --proof saves a proof of existence or absence"});
  one.positional("CONTRACT", options->contract, {"合约", "Contract"});
  one.positional("COLLECTION", options->collection, {"集合", "Collection"});
  one.positional("KEY", options->key, {"键；非文本用 hex:", "Key; hex: for what is no text"});
  one.option("--height", options->height, "HEIGHT", {"区块高度，默认最新", "Height, default newest"});
  one.option("--proof", options->out, "FILE", {"把带证明的凭证写入此文件", "Write a receipt with the proof there"});
  one.example("record get identity organisation mawei-data", {"查看", "Show it"});
  one.example("record get credential credential nobody --proof absent.receipt.json --json",
              {"不存在证明", "Proof of absence"});
  one.run([options](Terminal& terminal) { return get(*options, terminal); });
}

}  // namespace chancery::cli
