#include "cli/backup_request.h"

#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "base/log.h"
#include "cli/files.h"

namespace chancery::cli {
namespace {

std::string pid_path(const std::string& directory) {
  return directory + "/node.pid";
}
constexpr std::string_view kBackup = "backup";
constexpr std::string_view kSnapshot = "snapshot";

std::string request_path(const std::string& directory, std::string_view what) {
  return fmt::format("{}/{}-request", directory, what);
}
std::string answer_path(const std::string& directory, std::string_view what) {
  return fmt::format("{}/{}-answer", directory, what);
}

void remove_file(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

/// A number alone may belong to another program by now: its name must be ours.
bool is_chancery(pid_t process) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", process), error);
  return !error && program.filename().string().starts_with("chancery");
}

void answer(const std::string& node_directory, std::string_view what,
            const std::function<Status(const std::string&)>& make) {
  const auto wanted = read_text(request_path(node_directory, what), 4096);
  if (!wanted && !exists(request_path(node_directory, what))) return;
  remove_file(request_path(node_directory, what));
  const Status made = wanted ? make(*wanted) : Status(std::unexpected(wanted.error()));
  if (!made) log_error(fmt::format("{}.failed", what), made.error());
  const std::string text = made ? "ok" : made.error().message();
  if (const Status written =
          write_file(answer_path(node_directory, what), as_bytes(text), Overwrite::kAllow, Access::kEverybody);
      !written) {
    log_error(fmt::format("{}.answer", what), written.error());
  }
}

/// Root asks a service that runs as another user: the owner of the node's directory must be able to read the request.
void give_to_owner(const std::string& path, const std::string& node_directory) {
  struct stat owner{};
  if (geteuid() != 0 || ::stat(node_directory.c_str(), &owner) != 0) return;
  if (::lchown(path.c_str(), owner.st_uid, owner.st_gid) != 0) log_warn("request.owner", {{"errno", errno}});
}

Status ask(const std::string& node_directory, pid_t process, std::string_view what, const std::string& wanted,
           std::int64_t timeout_ms) {
  constexpr int kAskEvery_ms = 50;
  const std::string answered = answer_path(node_directory, what);
  remove_file(answered);
  TRY(write_file(request_path(node_directory, what), as_bytes(wanted), Overwrite::kAllow, Access::kOwnerOnly));
  give_to_owner(request_path(node_directory, what), node_directory);
  if (::kill(process, SIGUSR1) != 0) return fail(Reason::kUnavailable, "the node's process cannot be asked");
  const SystemClock clock;
  const std::int64_t begin_us = clock.monotonic_us();
  while (clock.monotonic_us() - begin_us < timeout_ms * 1000) {
    if (const auto text = read_text(answered, 64U << 10)) {
      remove_file(answered);
      if (*text == "ok") return {};
      return fail(Reason::kStorageFailed, *text);
    }
    poll(nullptr, 0, kAskEvery_ms);
  }
  return fail(Reason::kTimeout, "the node has not answered");
}

}  // namespace

Status write_process_id(const std::string& node_directory) {
  return write_file(pid_path(node_directory), as_bytes(fmt::format("{}\n", getpid())), Overwrite::kAllow,
                    Access::kEverybody);
}

void remove_process_id(const std::string& node_directory) {
  remove_file(pid_path(node_directory));
}

std::optional<pid_t> serving_process(const std::string& node_directory) {
  const auto text = read_text(pid_path(node_directory), 64);
  if (!text) return std::nullopt;
  const auto process = static_cast<pid_t>(std::strtol(text->c_str(), nullptr, 10));
  if (process <= 0 || ::kill(process, 0) != 0 || !is_chancery(process)) return std::nullopt;
  return process;
}

void answer_backup_request(const std::string& node_directory,
                           const std::function<Status(const std::string&)>& make_backup) {
  answer(node_directory, kBackup, make_backup);
}

void answer_snapshot_request(const std::string& node_directory, const std::function<Status()>& make_snapshot) {
  answer(node_directory, kSnapshot, [&](const std::string&) { return make_snapshot(); });
}

Status request_backup(const std::string& node_directory, pid_t process, const std::string& to,
                      std::int64_t timeout_ms) {
  return ask(node_directory, process, kBackup, std::filesystem::absolute(to).string(), timeout_ms);
}

Status request_snapshot(const std::string& node_directory, pid_t process, std::int64_t timeout_ms) {
  return ask(node_directory, process, kSnapshot, "now", timeout_ms);
}

}  // namespace chancery::cli
