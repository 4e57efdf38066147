#include "cli/running_node.h"

#include <fmt/core.h>
#include <pthread.h>
#include <signal.h>

#include "cli/backup_request.h"
#include "cli/files.h"
#include "consensus/cometbft/comet_process.h"
#include "node/node_files.h"
#include "node/peers/peer_list.h"

namespace chancery::cli {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

Result<std::uint64_t> reserve_bytes_of(std::uint64_t reserve_mib) {
  if (reserve_mib > kMostReserve_mib) {
    return fail(Reason::kUsage, fmt::format("--reserve-mib is at most {}", kMostReserve_mib),
                fmt::format("--reserve-mib 最大为 {}", kMostReserve_mib));
  }
  return reserve_mib << 20;
}

Signals::Signals() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::Wish Signals::wait() const {
  const sigset_t set = watched_signals();
  int caught = 0;
  while (sigwait(&set, &caught) != 0) {
  }
  return caught == SIGUSR1 ? Wish::kBackup : Wish::kStop;
}

Result<std::unique_ptr<RunningNode>> RunningNode::start(const ServeOptions& options) {
  auto running = std::unique_ptr<RunningNode>(new RunningNode());
  node::NodeOptions node_options;
  node_options.directory = options.directory;
  node_options.passphrase = options.passphrase;
  node_options.reserve_bytes = options.reserve_bytes;
  if (exists(node::peers_path(options.directory))) {
    ASSIGN_OR_RETURN(const std::string cometbft, consensus::find_cometbft());
    ASSIGN_OR_RETURN(const std::string text, read_text(node::genesis_path(options.directory)));
    ASSIGN_OR_RETURN(const ledger::Genesis genesis, ledger::Genesis::parse(text));
    ASSIGN_OR_RETURN(running->peering_,
                     node::Peering::open(options.directory, options.passphrase, genesis, running->clock_));
    ASSIGN_OR_RETURN(node_options.network, running->peering_->network(cometbft));
  }
  ASSIGN_OR_RETURN(running->node_, node::Node::open(node_options, running->clock_, running->random_));
  if (running->peering_) TRY(running->peering_->serve(*running->node_));
  node::ServicesOptions services_options;
  services_options.passphrase = options.passphrase;
  ASSIGN_OR_RETURN(running->services_, node::Services::open(*running->node_, services_options));
  api::ApiOptions api_options;
  api_options.address = options.address;
  api_options.port = options.port;
  ASSIGN_OR_RETURN(running->app_, api::App::start(*running->node_, *running->services_, api_options));
  running->directory_ = options.directory;
  TRY(write_process_id(options.directory));
  return running;
}

void RunningNode::run_until_stopped(const Signals& signals) {
  while (signals.wait() == Signals::Wish::kBackup) {
    answer_backup_request(directory_, [this](const std::string& to) { return node_->backup_to(to); });
    answer_snapshot_request(directory_, [this]() -> Status {
      TRY(node_->create_snapshot());
      return {};
    });
  }
}

void RunningNode::stop() {
  if (app_) app_->stop();
  if (services_) services_->stop();
  if (peering_) peering_->stop();
  if (node_) node_->stop();
  if (!directory_.empty()) remove_process_id(directory_);
}

RunningNode::~RunningNode() {
  stop();
}

}  // namespace chancery::cli
