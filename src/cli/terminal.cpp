#include "cli/terminal.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/clock.h"

namespace chancery::cli {
namespace {

constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::size_t kBarCells = 24;
constexpr std::int64_t kRedrawEvery_us = 100'000;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // Everything from U+2E80 on is drawn two cells wide here; below that one.
    const bool wide =
        length == 4 ||
        (length == 3 &&
         (lead > 0xe2 || (lead == 0xe2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) >= 0xba)));
    width += wide ? 2 : 1;
    i += length;
  }
  return width;
}

Language language_from(std::string_view flag) {
  std::string wanted(flag);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (wanted.empty()) wanted = environment(name);
  }
  return wanted.starts_with("en") ? Language::kEn : Language::kZhCn;
}

Terminal::Terminal(const GlobalOptions& options)
    : options_(options),
      stdout_is_terminal_(isatty(STDOUT_FILENO) == 1),
      stderr_is_terminal_(isatty(STDERR_FILENO) == 1) {
  // no-color.org: any value that is not empty switches colour off.
  colour_ = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

std::string Terminal::coloured(std::string_view text, std::string_view code, bool on) const {
  if (!on || !colour_) return std::string(text);
  return fmt::format("{}{}{}", code, text, kReset);
}

void Terminal::say(std::string_view line) {
  if (!options_.quiet) fmt::print(stderr, "{}\n", line);
}

void Terminal::print(std::string_view line) {
  if (!options_.json) fmt::print(stdout, "{}\n", line);
}

void Terminal::print_marked(Mark mark, std::string_view line) {
  const bool failed = mark == Mark::kFailed;
  const std::string_view sign = mark == Mark::kOk ? "✓" : failed ? "✗" : "·";
  const std::string shown =
      mark == Mark::kNote ? std::string(sign) : coloured(sign, failed ? kRed : kGreen, stdout_is_terminal_);
  print(fmt::format("{} {}", shown, line));
}

void Terminal::print_json(const nlohmann::json& value) {
  fmt::print(stdout, "{}\n", value.dump(2));
}

void Terminal::print_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& cell : header) widths.push_back(display_width(cell));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      text += i + 1 == cells.size() ? cells[i] : padded(cells[i], widths[i] + 2);
    }
    print(text);
  };
  line(header);
  for (const auto& row : rows) line(row);
}

void Terminal::print_error(const Error& error) {
  const ReasonText& text = reason_text(error.reason);
  const bool zh = language() == Language::kZhCn;
  const std::string& detail = zh && !error.detail_zh.empty() ? error.detail_zh : error.detail;
  if (options_.json) {
    const nlohmann::json out = {{"error",
                                 {{"code", text.wire_name},
                                  {"title", text.title(language())},
                                  {"detail", detail},
                                  {"remedy", text.remedy(language())}}}};
    fmt::print(stderr, "{}\n", out.dump());
    return;
  }
  fmt::print(stderr, "{}{}{}\n", coloured(zh ? "错误：" : "error: ", kRed, stderr_is_terminal_), text.title(language()),
             detail.empty() ? "" : (zh ? "：" : ": ") + detail);
  fmt::print(stderr, "{}{} ({})\n", zh ? "办法：" : "remedy: ", text.remedy(language()), text.wire_name);
}

bool Terminal::confirm(const Words& question) {
  if (options_.yes) return true;
  if (isatty(STDIN_FILENO) != 1 || !stderr_is_terminal_) return false;
  fmt::print(stderr, "{} [y/N] ", pick(question));
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

Result<std::string> Terminal::ask_passphrase(const Words& prompt) {
  if (isatty(STDIN_FILENO) != 1) {
    return fail(Reason::kUsage, "a passphrase is needed: give --passphrase-file or set CHANCERY_PASSPHRASE",
                "需要口令：请使用 --passphrase-file 或设置 CHANCERY_PASSPHRASE");
  }
  fmt::print(stderr, "{}", pick(prompt));
  termios before{};
  tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::string answer;
  std::getline(std::cin, answer);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fmt::print(stderr, "\n");
  return answer;
}

Progress::Progress(Terminal& terminal, const Words& what, std::uint64_t total)
    : terminal_(terminal), what_(terminal.pick(what)), total_(std::max<std::uint64_t>(total, 1)) {
  if (terminal_.progress_is_drawn()) {
    draw();
  } else {
    terminal_.say(fmt::format("{} (0/{})", what_, total_));
  }
}

Progress::~Progress() {
  if (!finished_ && terminal_.progress_is_drawn()) fmt::print(stderr, "\n");
}

void Progress::advance_to(std::uint64_t done) {
  done_ = std::min(done, total_);
  if (finished_) return;
  finished_ = done_ == total_;
  if (terminal_.progress_is_drawn()) {
    const std::int64_t now_us = SystemClock().monotonic_us();
    if (finished_ || now_us - last_drawn_us_ >= kRedrawEvery_us) {
      last_drawn_us_ = now_us;
      draw();
    }
    if (finished_) fmt::print(stderr, "\n");
    return;
  }
  const std::uint64_t tenth = done_ * 10 / total_;
  if (tenth != last_tenth_) {
    last_tenth_ = tenth;
    terminal_.say(fmt::format("{} ({}/{})", what_, done_, total_));
  }
}

void Progress::draw() {
  const std::size_t filled = static_cast<std::size_t>(done_ * kBarCells / total_);
  std::string bar;
  for (std::size_t i = 0; i < kBarCells; ++i) bar += i < filled ? "█" : "░";
  fmt::print(stderr, "\r{} {} {:3}% {}/{} ", what_, bar, done_ * 100 / total_, done_, total_);
  std::fflush(stderr);
}

}  // namespace chancery::cli
