#include "cli/command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "cli/all_commands.h"
#include "cli/generated_texts.h"

namespace chancery::cli {
namespace {

CommandTree& whole_tree(Language language) {
  static CommandTree zh(Language::kZhCn);
  static CommandTree en(Language::kEn);
  static const bool built = [] {
    add_all_commands(zh);
    add_all_commands(en);
    return true;
  }();
  EXPECT_TRUE(built);
  return language == Language::kZhCn ? zh : en;
}

void walk(const Command& command, const std::function<void(const Command&)>& visit) {
  visit(command);
  for (const auto& sub : command.subs()) walk(*sub, visit);
}

int run(std::vector<const char*> arguments) {
  CommandTree tree(Language::kEn);
  add_all_commands(tree);
  arguments.insert(arguments.begin(), "chancery");
  return tree.run(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandTree, EveryCommandSpeaksBothLanguagesAndShowsTwoExamples) {
  walk(whole_tree(Language::kEn).root(), [](const Command& command) {
    EXPECT_FALSE(command.words().zh.empty()) << command.path();
    EXPECT_FALSE(command.words().en.empty()) << command.path();
    EXPECT_GE(command.examples().size(), 2U) << command.path();
    for (const OptionFacts& option : command.options()) {
      EXPECT_FALSE(option.words.zh.empty()) << command.path() << ' ' << option.name;
      EXPECT_FALSE(option.words.en.empty()) << command.path() << ' ' << option.name;
    }
    EXPECT_EQ(static_cast<bool>(command.action()), command.subs().empty()) << command.path();
  });
}

TEST(CommandTree, EveryExampleNamesItsCommandAndOnlyOptionsThatExist) {
  const Command& root = whole_tree(Language::kEn).root();
  walk(root, [&](const Command& command) {
    for (const Example& example : command.examples()) {
      std::istringstream words(example.line);
      const Command* at = &root;
      std::string word;
      std::set<std::string> options;
      for (const OptionFacts& option : root.options()) options.insert(option.name);
      while (words >> word) {
        const Command* next = nullptr;
        for (const auto& sub : at->subs()) {
          if (sub->name() == word) next = sub.get();
        }
        if (next != nullptr) {
          at = next;
          for (const OptionFacts& option : at->options()) options.insert(option.name);
        } else if (word.starts_with("--")) {
          EXPECT_TRUE(options.contains(word)) << example.line << ": " << word;
        }
      }
      EXPECT_TRUE(static_cast<bool>(at->action())) << example.line;
      EXPECT_TRUE(at->path().starts_with(command.path())) << example.line;
    }
  });
}

TEST(CommandTree, HasTheCommandsThatTheDocumentsPromise) {
  std::set<std::string> names;
  for (const auto& sub : whole_tree(Language::kEn).root().subs()) names.insert(sub->name());
  for (const char* name : {"dev", "init", "serve", "keys", "credential", "evidence", "tx", "record", "proof", "verify",
                           "bench", "backup", "rebuild", "doctor", "completion"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(CommandTree, WrongUsageEndsWithTwo) {
  EXPECT_EQ(run({"nonsense"}), 2);
  EXPECT_EQ(run({"verify"}), 2);
  EXPECT_EQ(run({"keys", "new", "a", "--algorithm", "rot13"}), 2);
  EXPECT_EQ(run({"verify", "x", "--no-such-option"}), 2);
  EXPECT_EQ(run({}), 2);
}

TEST(CommandTree, HelpEndsWithZero) {
  EXPECT_EQ(run({"verify", "--help"}), 0);
}

TEST(CommandTree, AMissingFileEndsWithFive) {
  EXPECT_EQ(run({"verify", "/nonexistent/x.receipt.json", "--trust", "/nonexistent/trust.json"}), 5);
}

TEST(CommandTree, ANodeThatIsAwayEndsWithSix) {
  EXPECT_EQ(run({"tx", "show", "00", "--server", "http://127.0.0.1:1"}), 6);
}

TEST(ExitCode, EveryReasonHasACodeAndEveryCodeAMeaning) {
  for (int code = 0; code < kExitCodes; ++code) {
    EXPECT_FALSE(meaning(static_cast<ExitCode>(code), Language::kZhCn).empty());
    EXPECT_FALSE(meaning(static_cast<ExitCode>(code), Language::kEn).empty());
  }
  EXPECT_EQ(exit_code_of(Reason::kProofInvalid), ExitCode::kVerificationFailed);
  EXPECT_EQ(exit_code_of(Reason::kUnauthenticated), ExitCode::kAuthentication);
  EXPECT_EQ(exit_code_of(Reason::kNotFound), ExitCode::kNotFound);
  EXPECT_EQ(exit_code_of(Reason::kOverloaded), ExitCode::kUnavailable);
  EXPECT_EQ(exit_code_of(Reason::kAlreadyExists), ExitCode::kConflict);
}

TEST(ReferencePage, InTheDocumentsIsTheOneThatTheTreeMakes) {
  std::ifstream file(std::string(CHANCERY_SOURCE_DIR) + "/docs/cli.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), reference_page(whole_tree(Language::kEn).root(), Language::kEn))
      << "run: chancery completion reference --lang en > docs/cli.md";
}

TEST(Completion, OffersEveryCommandAndOption) {
  const Command& root = whole_tree(Language::kEn).root();
  const std::string bash = bash_completion(root);
  const std::string fish = fish_completion(root);
  walk(root, [&](const Command& command) {
    EXPECT_NE(bash.find("'" + command.path() + "'"), std::string::npos) << command.path();
    for (const OptionFacts& option : command.options()) {
      if (option.positional) continue;
      EXPECT_NE(bash.find(option.name), std::string::npos) << option.name;
      EXPECT_NE(fish.find("-l " + option.name.substr(2)), std::string::npos) << option.name;
    }
  });
}

TEST(ManPage, NamesEveryExitCode) {
  const std::string page = man_page(whole_tree(Language::kEn).root(), Language::kEn);
  EXPECT_TRUE(page.starts_with(".TH CHANCERY 1"));
  EXPECT_NE(page.find("verification failed"), std::string::npos);
}

}  // namespace
}  // namespace chancery::cli
