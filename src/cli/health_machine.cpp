#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "base/clock.h"
#include "cli/health.h"
#include "crypto/signature.h"

namespace chancery::cli {
namespace {

constexpr std::int64_t kEarliestNow_ms = 1'767'225'600'000;  // 2026-01-01: this program is younger
constexpr std::uint64_t kLowDisk_bytes = 2ULL << 30;
constexpr double kSlowSync_ms = 10;
constexpr rlim_t kFewFiles = 4'096;

Finding clock_finding() {
  const std::int64_t now_ms = SystemClock().now_ms();
  timex state{};
  const bool synchronised = adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  if (now_ms < kEarliestNow_ms) {
    return {"clock",
            Health::kBad,
            "系统时钟早于本程序发布时间。",
            "The clock is earlier than this program.",
            "请校准系统时间；错误的时间会使交易全部过期。",
            "Set the clock; with a wrong one every transaction is out of its window."};
  }
  if (!synchronised) {
    return {"clock",
            Health::kWarning,
            "系统时钟未与时间源同步。",
            "The clock is not synchronised with a time source.",
            "请启用 chrony 或 systemd-timesyncd。",
            "Enable chrony or systemd-timesyncd."};
  }
  return {"clock", Health::kGood, "系统时钟已同步。", "The clock is synchronised.", "", ""};
}

std::string existing_parent(const std::string& directory) {
  std::filesystem::path path = std::filesystem::absolute(directory);
  std::error_code ignored;
  while (!std::filesystem::exists(path, ignored) && path.has_parent_path() && path != path.parent_path())
    path = path.parent_path();
  return path.string();
}

Finding disk_finding(const std::string& directory) {
  struct statvfs facts{};
  if (statvfs(directory.c_str(), &facts) != 0) {
    return {"disk",
            Health::kBad,
            "无法读取磁盘信息：" + directory,
            "Cannot read about the disk of " + directory,
            "请检查目录与权限。",
            "Check the directory and its permissions."};
  }
  const std::uint64_t free_bytes = static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
  const bool low = free_bytes < kLowDisk_bytes;
  return {"disk",
          low ? Health::kBad : Health::kGood,
          fmt::format("可用磁盘空间 {} MiB。", free_bytes >> 20),
          fmt::format("{} MiB of disk are free.", free_bytes >> 20),
          low ? "空间不足时节点会转为只读；请清理或扩容。" : "",
          low ? "The node turns read-only when space runs out: free some or add some." : ""};
}

/// The median of 20 writes of 4 KiB, each made durable: what a block's end waits for.
double sync_ms(const std::string& directory) {
  constexpr std::size_t kRounds = 20;
  const std::string path = fmt::format("{}/.doctor-{}", directory, getpid());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  const std::array<char, 4096> block{};
  const SystemClock clock;
  std::vector<double> times_ms;
  bool good = true;
  for (std::size_t i = 0; i < kRounds && good; ++i) {
    const std::int64_t begin_us = clock.monotonic_us();
    good = ::write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()) && fdatasync(file) == 0;
    times_ms.push_back(static_cast<double>(clock.monotonic_us() - begin_us) / 1000);
  }
  ::close(file);
  ::unlink(path.c_str());
  if (!good) return -1;
  std::ranges::nth_element(times_ms, times_ms.begin() + kRounds / 2);
  return times_ms[kRounds / 2];
}

Finding sync_finding(const std::string& directory) {
  const double median_ms = sync_ms(directory);
  if (median_ms < 0) {
    return {"fsync",
            Health::kBad,
            "无法写入目录：" + directory,
            "Cannot write in " + directory,
            "请检查目录权限与磁盘。",
            "Check permissions and the disk."};
  }
  const bool slow = median_ms > kSlowSync_ms;
  return {"fsync",
          slow ? Health::kWarning : Health::kGood,
          fmt::format("落盘一次 {:.2f} 毫秒。", median_ms),
          fmt::format("One durable write takes {:.2f} ms.", median_ms),
          slow ? "每个区块都要等待一次落盘；请使用固态硬盘。" : "",
          slow ? "Every block waits for one: use a solid-state disk." : ""};
}

Finding files_finding() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool few = limit.rlim_cur < kFewFiles;
  return {"open_files",
          few ? Health::kWarning : Health::kGood,
          fmt::format("可同时打开 {} 个文件。", limit.rlim_cur),
          fmt::format("{} files may be open at once.", limit.rlim_cur),
          few ? "请执行 ulimit -n 65536，或在 systemd 单元中设置 LimitNOFILE=65536。" : "",
          few ? "Run ulimit -n 65536, or set LimitNOFILE=65536 in the systemd unit." : ""};
}

Finding crypto_finding() {
  if (crypto::active_backend() == crypto::Backend::kCryptoMb) {
    return {"crypto",
            Health::kGood,
            "处理器支持 AVX-512 IFMA，批量验签使用 crypto_mb。",
            "The CPU has AVX-512 IFMA: batches are verified by crypto_mb.",
            "",
            ""};
  }
  return {"crypto",
          Health::kGood,
          "处理器不支持 AVX-512 IFMA（或未安装 crypto_mb）：SM2 验签使用本程序的预计算表，其余使用 OpenSSL。",
          "No AVX-512 IFMA here, or no crypto_mb: SM2 is verified with tables of multiples, the rest by OpenSSL.",
          "",
          ""};
}

}  // namespace

std::vector<Finding> examine_machine(const HealthQuestion& question) {
  const std::string directory = existing_parent(question.directory);
  const std::string versions = fmt::format("chancery " CHANCERY_VERSION ", {}", OpenSSL_version(OPENSSL_VERSION));
  return {clock_finding(), disk_finding(directory), sync_finding(directory),
          files_finding(), crypto_finding(),        {"versions", Health::kGood, versions, versions, "", ""}};
}

}  // namespace chancery::cli
