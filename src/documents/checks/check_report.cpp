#include "documents/checks/check_report.h"

#include <algorithm>
#include <array>

namespace chancery::documents {

namespace {

struct StepText {
  std::string_view name, zh, en;
};

/// In the order of CheckStep.
constexpr std::array<StepText, 8> kTexts = {{
    {"structure", "格式符合标准", "The format follows the standard"},
    {"digest", "内容与签名时一致", "The content is the one that was signed"},
    {"signature", "签名值成立", "The signature holds"},
    {"chain", "证书可追溯到受信任的根证书", "The certificate leads to a trusted root"},
    {"validity", "证书在当时有效", "The certificate was valid at that time"},
    {"request", "时间戳与请求相符", "The timestamp answers the request"},
    {"coverage", "证据记录包含此内容", "The evidence record covers the content"},
    {"sequence", "时间戳前后相接", "The timestamps follow each other without a gap"},
}};

const StepText& text_of(CheckStep step) {
  return kTexts.at(static_cast<std::size_t>(step));
}

}  // namespace

std::string_view to_string(CheckStep step) {
  return text_of(step).name;
}

std::string_view title(CheckStep step, Language language) {
  return language == Language::kZhCn ? text_of(step).zh : text_of(step).en;
}

bool CheckReport::record(CheckStep step, const Status& status) {
  if (status) {
    steps_.push_back({.step = step, .outcome = CheckOutcome::kPassed});
  } else {
    steps_.push_back({.step = step, .outcome = CheckOutcome::kFailed, .error = status.error()});
  }
  return status.has_value();
}

void CheckReport::append(const CheckReport& other) {
  steps_.insert(steps_.end(), other.steps_.begin(), other.steps_.end());
}

bool CheckReport::accepted() const {
  return !steps_.empty() && std::ranges::all_of(steps_, [](const CheckedStep& checked) {
    return checked.outcome == CheckOutcome::kPassed;
  });
}

Status CheckReport::status() const {
  for (const CheckedStep& checked : steps_) {
    if (checked.outcome == CheckOutcome::kFailed) return std::unexpected(checked.error);
  }
  CHANCERY_CHECK(accepted());
  return {};
}

}  // namespace chancery::documents
