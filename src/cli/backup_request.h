#pragma once
// How `chancery backup create` and `chancery snapshot create` ask a running node for a consistent copy: only the node's
// own process may read its store.
//   <node>/node.pid                            the process that serves
//   <node>/backup-request, snapshot-request    the wanted directory, or a word; written before SIGUSR1
//   <node>/backup-answer, snapshot-answer      "ok" or the error's message; written by the node

#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.h"

namespace chancery::cli {

Status write_process_id(const std::string& node_directory);
void remove_process_id(const std::string& node_directory);
/// The process that serves this directory now; nullopt when there is none.
std::optional<pid_t> serving_process(const std::string& node_directory);

/// In the serving process, upon SIGUSR1.
void answer_backup_request(const std::string& node_directory,
                           const std::function<Status(const std::string&)>& make_backup);
/// The same for a snapshot, which lies where the node keeps its snapshots.
void answer_snapshot_request(const std::string& node_directory, const std::function<Status()>& make_snapshot);
/// In the asking process; kTimeout when there is no answer in `timeout_ms`.
Status request_backup(const std::string& node_directory, pid_t process, const std::string& to, std::int64_t timeout_ms);
Status request_snapshot(const std::string& node_directory, pid_t process, std::int64_t timeout_ms);

}  // namespace chancery::cli
