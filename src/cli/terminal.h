#pragma once
// Where a command talks: data goes to stdout, talk to stderr. Colour and moving bars only where a person looks.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace chancery::cli {

/// A text in both languages.
struct Words {
  std::string_view zh;
  std::string_view en;
};

/// What every command accepts.
struct GlobalOptions {
  bool json = false;   ///< --json: one JSON value on stdout
  bool quiet = false;  ///< --quiet: no talk, only data and errors
  bool yes = false;    ///< --yes: do not ask before destroying something
  Language language = Language::kZhCn;
  std::string server;  ///< --server, CHANCERY_SERVER, http://127.0.0.1:8700
  std::string token;   ///< CHANCERY_TOKEN: a session that exists already
};

enum class Mark { kOk, kFailed, kNote };

/// Not thread-safe.
class Terminal {
 public:
  explicit Terminal(const GlobalOptions& options);

  Language language() const { return options_.language; }
  const GlobalOptions& options() const { return options_; }
  bool json() const { return options_.json; }
  std::string_view pick(const Words& words) const { return language() == Language::kZhCn ? words.zh : words.en; }

  /// A line of talk on stderr; silent with --quiet.
  void say(std::string_view line);
  void say(const Words& words) { say(pick(words)); }
  /// A line of the result on stdout. With --json nothing but print_json may write there.
  void print(std::string_view line);
  /// A result line with a mark (✓ ✗ ·) in colour where the terminal has it.
  void print_marked(Mark mark, std::string_view line);
  void print_json(const nlohmann::json& value);
  /// Columns as wide as their widest cell (CJK counts 2).
  void print_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);
  /// The error with its remedy on stderr; with --json as one JSON object there.
  void print_error(const Error& error);
  /// Asks on the terminal; true at once with --yes, false without a terminal to ask on.
  bool confirm(const Words& question);
  /// Reads a passphrase without echo; kUsage when there is no terminal to ask on.
  Result<std::string> ask_passphrase(const Words& prompt);

  bool progress_is_drawn() const { return stderr_is_terminal_ && !options_.quiet; }

 private:
  std::string coloured(std::string_view text, std::string_view code, bool on) const;
  GlobalOptions options_;
  bool stdout_is_terminal_ = false;
  bool stderr_is_terminal_ = false;
  bool colour_ = false;
};

/// A long job: a moving bar on a terminal, otherwise a line at the start, every tenth, and at the end.
class Progress {
 public:
  Progress(Terminal& terminal, const Words& what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void advance_to(std::uint64_t done);

 private:
  void draw();
  Terminal& terminal_;
  std::string what_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  std::int64_t last_drawn_us_ = 0;
  std::uint64_t last_tenth_ = 0;
  bool finished_ = false;
};

/// Columns on a terminal: CJK and full-width characters take 2.
std::size_t display_width(std::string_view utf8);

/// --lang's value, or LC_ALL / LC_MESSAGES / LANG; Chinese when nothing is known.
Language language_from(std::string_view flag);

}  // namespace chancery::cli
