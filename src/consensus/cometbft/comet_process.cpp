#include "consensus/cometbft/comet_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/log.h"

namespace chancery::consensus {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kFirstPause = 500ms;
constexpr auto kLongestPause = 30s;
constexpr auto kStopPatience = 10s;
/// A run this long counts as a good one: the next pause is the first one again.
constexpr auto kGoodRun = 60s;

std::vector<fs::path> candidates() {
  std::vector<fs::path> out;
  if (const char* named = std::getenv("CHANCERY_COMETBFT"); named != nullptr) out.emplace_back(named);
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) out.push_back(self.parent_path() / "cometbft");
  if (const char* list = std::getenv("PATH"); list != nullptr) {
    std::string_view rest(list);
    while (!rest.empty()) {
      const std::size_t colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) out.push_back(fs::path(rest.substr(0, colon)) / "cometbft");
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  }
  for (fs::path at = self.parent_path(); !error && at.has_relative_path(); at = at.parent_path()) {
    out.push_back(at / "third_party/download/bin/cometbft");
  }
  return out;
}

/// The version of the Go module that the program was built from, which the build wrote into it. What `cometbft version`
/// prints is no help: the release 0.38.21 still says 0.38.19. Empty when there is none.
std::string version_of(const fs::path& program) {
  constexpr std::string_view kBefore = "mod\tgithub.com/cometbft/cometbft\tv";
  std::ifstream file(program, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t at = content.find(kBefore);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kBefore.size();
  return content.substr(begin, content.find_first_of("\t\n", begin) - begin);
}

bool is_safe_version(const std::string& version) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  // NOLINTNEXTLINE(cert-err34-c): three small numbers; what does not parse is refused
  if (std::sscanf(version.c_str(), "%d.%d.%d", &major, &minor, &patch) != 3) return false;
  return major == 0 && minor == 38 && patch >= kOldestCometPatch;
}

}  // namespace

Result<std::string> find_cometbft() {
  for (const fs::path& path : candidates()) {
    if (::access(path.c_str(), X_OK) != 0 || fs::is_directory(path)) continue;
    const std::string version = version_of(path);
    if (is_safe_version(version)) return path.string();
    return fail(Reason::kInvalidValue,
                fmt::format("{} is version {}; 0.38.{} or a later one of that line is needed: run tools/install.sh "
                            "--network",
                            path.string(), version.empty() ? "unknown" : version, kOldestCometPatch),
                fmt::format("{} 的版本为 {}，需要 0.38.{} 或该系列更新的版本：请运行 tools/install.sh --network",
                            path.string(), version.empty() ? "未知" : version, kOldestCometPatch));
  }
  return fail(
      Reason::kNotFound,
      "CometBFT is not installed, and a network of several organisations needs it: run tools/install.sh --network "
      "(it needs Go), or set CHANCERY_COMETBFT to the program",
      "未安装 CometBFT，多机构网络需要它：请运行 tools/install.sh --network（需要 Go），或将 CHANCERY_COMETBFT "
      "设为该程序的路径");
}

struct CometProcess::State {
  std::string program;
  std::string home;
  std::function<Status()> before_start;

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  pid_t child = -1;
  std::uint64_t starts = 0;
  std::string last_error;
  std::thread supervising;

  void supervise();
  /// Starts the program and returns the end of the pipe that its output comes from; -1 when it can't.
  int spawn();
  void read_output(int pipe);
  void take_line(const std::string& line);
};

int CometProcess::State::spawn() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
  const pid_t parent = ::getpid();
  const std::array<const char*, 5> arguments = {program.c_str(), "start", "--home", home.c_str(), nullptr};
  const std::lock_guard lock(mutex);
  if (stopping) {
    ::close(ends[0]);
    ::close(ends[1]);
    return -1;
  }
  child = ::fork();
  if (child == 0) {
    // Only calls that are safe between fork and exec. It must not outlive the node.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::setpgid(0, 0);
    // No socket of ours may live on in it: who closes one here would not be seen to close it, and epoll would go on
    // telling of it. Marking each one close-on-exec leaves the moment between accept and fcntl.
    ::close_range(3, ~0U, 0);
    ::execv(program.c_str(), const_cast<char* const*>(arguments.data()));
    ::_exit(127);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return -1;
  }
  ++starts;
  return ends[0];
}

void CometProcess::State::take_line(const std::string& line) {
  if (line.empty()) return;
  const auto json = parse_json(line);
  const std::string text = json && json->is_object() ? json->value("err", json->value("_msg", line)) : line;
  {
    const std::lock_guard lock(mutex);
    last_error = text.substr(0, 512);
  }
  log_warn("engine.cometbft", {{"message", text.substr(0, 512)}});
}

void CometProcess::State::read_output(int pipe) {
  std::array<char, 4096> buffer{};
  std::string line;
  while (true) {
    const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    for (ssize_t i = 0; i < got; ++i) {
      const char c = buffer[static_cast<std::size_t>(i)];
      if (c != '\n' && line.size() < 65'536) {
        line.push_back(c);
      } else if (c == '\n') {
        take_line(line);
        line.clear();
      }
    }
  }
  take_line(line);
  ::close(pipe);
}

void CometProcess::State::supervise() {
  auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kFirstPause);
  while (true) {
    if (const Status ready = before_start(); !ready) {
      log_error("engine.not_started", ready.error());
      std::unique_lock lock(mutex);
      last_error = ready.error().message();
      if (ready.error().reason != Reason::kUnavailable) return;
      if (changed.wait_for(lock, kFirstPause, [&] { return stopping; })) return;
      continue;
    }
    const auto started = std::chrono::steady_clock::now();
    const int pipe = spawn();
    if (pipe >= 0) {
      log_info("engine.started", {{"program", program}});
      read_output(pipe);  // until it closes its output, which is when it ends
      int status = 0;
      while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      std::unique_lock lock(mutex);
      child = -1;
      changed.notify_all();
      if (stopping) return;
      log_warn("engine.ended", {{"status", status}, {"last_error", last_error}});
    }
    if (std::chrono::steady_clock::now() - started > kGoodRun) pause = kFirstPause;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, pause, [&] { return stopping; });
    if (stopping) return;
    pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
  }
}

CometProcess::CometProcess() : state_(std::make_unique<State>()) {}

CometProcess::~CometProcess() {
  stop();
}

std::unique_ptr<CometProcess> CometProcess::start(std::string program, std::string home,
                                                  std::function<Status()> before_start) {
  std::unique_ptr<CometProcess> process(new CometProcess());
  State& state = *process->state_;
  state.program = std::move(program);
  state.home = std::move(home);
  state.before_start = std::move(before_start);
  state.supervising = std::thread([&state] { state.supervise(); });
  return process;
}

void CometProcess::stop() {
  {
    std::unique_lock lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
    if (state_->child > 0) {
      ::kill(state_->child, SIGTERM);
      if (!state_->changed.wait_for(lock, kStopPatience, [&] { return state_->child < 0; })) {
        ::kill(state_->child, SIGKILL);
      }
    }
  }
  if (state_->supervising.joinable()) state_->supervising.join();
}

bool CometProcess::running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->child > 0;
}

std::uint64_t CometProcess::starts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->starts;
}

std::string CometProcess::last_error() const {
  const std::lock_guard lock(state_->mutex);
  return state_->last_error;
}

}  // namespace chancery::consensus
