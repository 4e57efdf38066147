#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/client.h"
#include "cli/backup_request.h"
#include "cli/files.h"
#include "cli/health.h"
#include "cli/key_files.h"
#include "node/backup.h"
#include "node/node_files.h"

namespace chancery::cli {
namespace {

Finding good(std::string name, std::string zh, std::string en) {
  return {std::move(name), Health::kGood, std::move(zh), std::move(en), "", ""};
}

bool port_is_free(const HealthQuestion& question) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(question.port);
  const bool free = inet_pton(AF_INET, question.address.c_str(), &address.sin_addr) == 1 &&
                    ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return free;
}

Finding port_finding(const HealthQuestion& question, bool running) {
  const std::string shown = fmt::format("{}:{}", question.address, question.port);
  if (running) return good("port", "节点正在运行。", "The node is running.");
  if (port_is_free(question)) return good("port", shown + " 可以使用。", shown + " is free.");
  return {"port",
          Health::kBad,
          shown + " 已被其他程序占用。",
          "Another program has " + shown + ".",
          "请停止该程序，或以 --port 换用其他端口。",
          "Stop it, or choose another port with --port."};
}

Finding keys_finding(const std::string& directory) {
  for (const std::string& path : {node::node_key_path(directory), node::node_log_key_path(directory)}) {
    if (!exists(path)) {
      return {"keys",
              Health::kBad,
              "缺少节点密钥 " + path,
              "The node's key " + path + " is missing.",
              "请从密钥备份中放回该文件；没有它节点不能签署检查点。",
              "Put it back from the backup of keys: without it the node cannot sign checkpoints."};
    }
  }
  const auto accounts = list_keys(directory + "/keys");
  const std::size_t count = accounts ? accounts->size() : 0;
  return good("keys", fmt::format("节点密钥齐全；共 {} 个密钥文件。", count),
              fmt::format("The node's keys are there; {} key files in all.", count));
}

Finding store_finding(const std::string& directory) {
  if (!exists(node::store_path(directory))) {
    return {"store",
            Health::kSkipped,
            "节点尚未启动过，没有账本。",
            "The node has never been started: there is no store yet.",
            "请运行 chancery serve。",
            "Run chancery serve."};
  }
  const auto facts = node::verify_backup(directory, false);
  if (facts) {
    return good("store", fmt::format("账本可打开，状态根与历史根重算一致，检查点签名成立（高度 {}）。", facts->height),
                fmt::format("The store opens, its roots recompute, the checkpoint's signatures hold (height {}).",
                            facts->height));
  }
  return {"store",
          Health::kBad,
          "账本有问题：" + facts.error().message(),
          "The store has a problem: " + facts.error().message(),
          "请停止节点，用 chancery backup restore 恢复到新目录。",
          "Stop the node and restore a backup to a new directory with chancery backup restore."};
}

Finding answer_finding(const std::string& server) {
  auto client = api::Client::create(server);
  const auto answer = client ? client->get("/readyz") : Result<api::ClientResponse>(std::unexpected(client.error()));
  if (answer && answer->ok()) return good("readiness", "节点就绪。", "The node says that it is ready.");
  const std::string why = answer ? answer->body : answer.error().message();
  return {"readiness",
          Health::kBad,
          "节点未就绪：" + why,
          "The node is not ready: " + why,
          "请查看节点日志 node.log。",
          "Look into the node's log, node.log."};
}

}  // namespace

std::vector<Finding> examine_node(const HealthQuestion& question) {
  if (!exists(node::genesis_path(question.directory))) {
    return {{"directory", Health::kSkipped, question.directory + " 中没有节点。",
             "There is no node in " + question.directory + ".", "请运行 chancery init 或 chancery dev。",
             "Run chancery init or chancery dev."},
            port_finding(question, false)};
  }
  const bool running = serving_process(question.directory).has_value();
  std::vector<Finding> findings = {
      good("directory", "节点目录 " + question.directory, "Node directory " + question.directory),
      keys_finding(question.directory), port_finding(question, running)};
  // A running node checks its own store; two processes may not open one store.
  findings.push_back(running ? answer_finding(question.server) : store_finding(question.directory));
  return findings;
}

}  // namespace chancery::cli
