#include "cli/child_node.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "api/client.h"
#include "base/clock.h"

extern char** environ;

namespace chancery::cli {
namespace {

constexpr std::int64_t kPollEvery_ms = 2;

/// "VmRSS:   1234 kB" of /proc/<pid>/status.
std::uint64_t status_bytes(pid_t pid, std::string_view name) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) * 1024;
  }
  return 0;
}

/// The port in the first JSON object that the child prints: {"address": "http://127.0.0.1:41234", ...}.
std::uint16_t port_in(std::string_view text) {
  constexpr std::string_view kBefore = "http://127.0.0.1:";
  const std::size_t at = text.find(kBefore);
  if (at == std::string_view::npos || text.find('}') == std::string_view::npos) return 0;
  return static_cast<std::uint16_t>(
      std::strtoul(std::string(text.substr(at + kBefore.size(), 5)).c_str(), nullptr, 10));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Result<pid_t> spawn(const std::string& program, const std::string& directory, const std::string& passphrase, int out,
                    std::uint16_t port) {
  std::vector<std::string> arguments = {
      program,   "serve", "--directory",          directory, "--port", std::to_string(port), "--json",
      "--quiet", "--log", directory + "/node.log"};
  std::vector<std::string> environment = {"CHANCERY_PASSPHRASE=" + passphrase};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("CHANCERY_PASSPHRASE=")) environment.emplace_back(*variable);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // Connections of this process are not the child's.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail(Reason::kUnavailable, fmt::format("cannot start {}: {}", program, std::strerror(error)));
  return pid;
}

bool has_ended(pid_t pid) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

}  // namespace

std::string own_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::uint64_t disk_bytes(const std::string& path) {
  constexpr std::uint64_t kBlock_bytes = 512;
  std::uint64_t total = 0;
  std::error_code error;
  struct stat own{};
  if (lstat(path.c_str(), &own) == 0) total += static_cast<std::uint64_t>(own.st_blocks) * kBlock_bytes;
  for (auto it = std::filesystem::recursive_directory_iterator(path, error);
       it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    struct stat facts{};
    // Files come and go under a live store; one that is gone takes nothing.
    if (lstat(it->path().c_str(), &facts) == 0) total += static_cast<std::uint64_t>(facts.st_blocks) * kBlock_bytes;
  }
  return total;
}

Result<std::unique_ptr<ChildNode>> ChildNode::start(const std::string& program, const std::string& directory,
                                                    const std::string& passphrase, std::int64_t timeout_ms,
                                                    std::uint16_t port) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Reason::kUnavailable, "cannot make a pipe");
  const SystemClock clock;
  const std::int64_t begin_us = clock.monotonic_us();
  auto node = std::unique_ptr<ChildNode>(new ChildNode());
  node->out_ = ends[0];
  const Result<pid_t> pid = spawn(program, directory, passphrase, ends[1], port);
  ::close(ends[1]);
  if (!pid) return std::unexpected(pid.error());
  node->pid_ = *pid;
  std::string said;
  const auto timed_out = [&] { return clock.monotonic_us() - begin_us > timeout_ms * 1000; };
  while (node->port_ == 0) {
    pollfd wait{node->out_, POLLIN, 0};
    std::array<char, 4096> piece{};
    if (poll(&wait, 1, 100) > 0) {
      const ssize_t count = ::read(node->out_, piece.data(), piece.size());
      if (count <= 0) return fail(Reason::kUnavailable, "the node ended at its start; see " + directory + "/node.log");
      said.append(piece.data(), static_cast<std::size_t>(count));
      node->port_ = port_in(said);
    }
    if (timed_out()) return fail(Reason::kTimeout, "the node did not start in time");
  }
  while (true) {
    auto client = api::Client::create(node->address());
    if (client) {
      const auto answer = client->get("/readyz");
      if (answer && answer->ok()) break;
    }
    if (has_ended(node->pid_))
      return fail(Reason::kUnavailable, "the node ended at its start; see " + directory + "/node.log");
    if (timed_out()) return fail(Reason::kTimeout, "the node was not ready in time");
    poll(nullptr, 0, kPollEvery_ms);
  }
  node->start_s_ = static_cast<double>(clock.monotonic_us() - begin_us) / 1e6;
  return node;
}

ChildNode::~ChildNode() {
  kill_now();
  if (out_ >= 0) ::close(out_);
}

std::string ChildNode::address() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

std::uint64_t ChildNode::resident_bytes() const {
  return status_bytes(pid_, "VmRSS");
}
std::uint64_t ChildNode::peak_resident_bytes() const {
  return status_bytes(pid_, "VmHWM");
}

double ChildNode::cpu_s() const {
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  std::string text;
  std::getline(file, text);
  // The name in parentheses may hold spaces: fields are counted from behind it; utime and stime are 14 and 15.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void ChildNode::kill_now() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int ChildNode::stop() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace chancery::cli
