#pragma once
// `chancery serve` as another process: what benchmarks and fault loops measure is the real program behind its real
// door.

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace chancery::cli {

class ChildNode {
 public:
  /// Starts `program serve --directory ... --port ...` (0: any) and waits until it answers /readyz. kUnavailable when
  /// it ends before, kTimeout after `timeout_ms`. The child's log goes to <directory>/node.log.
  static Result<std::unique_ptr<ChildNode>> start(const std::string& program, const std::string& directory,
                                                  const std::string& passphrase, std::int64_t timeout_ms = 120'000,
                                                  std::uint16_t port = 0);
  ~ChildNode();
  ChildNode(const ChildNode&) = delete;
  ChildNode& operator=(const ChildNode&) = delete;

  std::uint16_t port() const { return port_; }
  std::string address() const;
  pid_t pid() const { return pid_; }
  /// From the start of the process until it was ready to serve.
  double start_s() const { return start_s_; }
  /// Resident memory now and at its highest, from /proc; 0 when the process is gone.
  std::uint64_t resident_bytes() const;
  std::uint64_t peak_resident_bytes() const;
  /// CPU seconds, user and system, so far.
  double cpu_s() const;

  /// kill -9: as a power cut for the process; nothing is flushed.
  void kill_now();
  /// SIGTERM and wait; the exit code, or -1 when a signal ended it.
  int stop();

 private:
  ChildNode() = default;
  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
  double start_s_ = 0;
};

/// The running program's own path.
std::string own_program();
/// Bytes that a file, or all below a directory, takes on disk (allocated blocks, as `du`); 0 when it is not there.
std::uint64_t disk_bytes(const std::string& path);

}  // namespace chancery::cli
