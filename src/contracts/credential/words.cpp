#include "contracts/credential/words.h"

#include <algorithm>
#include <array>

namespace chancery::contracts::credential {

namespace {

constexpr std::array kStatuses{
    StatusWords{wire::CREDENTIAL_STATUS_UNSPECIFIED, "unknown", "未知", "Unknown", "请核对编号。",
                "Check the identifier.", false},
    StatusWords{wire::CREDENTIAL_STATUS_VALID, "valid", "有效", "Valid", "", "", false},
    StatusWords{wire::CREDENTIAL_STATUS_SUSPENDED, "suspended", "已暂停", "Suspended", "请向签发机构查询恢复条件。",
                "Ask the issuing office what is needed to resume it.", false},
    StatusWords{wire::CREDENTIAL_STATUS_REVOKED, "revoked", "已撤销", "Revoked", "不可恢复；需要时请重新申领。",
                "It can't be restored; apply for a new one if you need it.", true},
    StatusWords{wire::CREDENTIAL_STATUS_SUPERSEDED, "superseded", "已换发", "Superseded", "请使用新版本证照。",
                "Use the newer version.", true},
    StatusWords{wire::CREDENTIAL_STATUS_EXPIRED, "expired", "已过期", "Expired", "请向签发机构申请换发。",
                "Ask the issuing office for a renewal.", false},
    StatusWords{wire::CREDENTIAL_STATUS_NOT_YET_VALID, "not_yet_valid", "尚未生效", "Not yet valid",
                "请在有效期开始后使用。", "Use it once its validity has begun.", false},
    StatusWords{wire::CREDENTIAL_STATUS_NOT_ISSUED, "not_issued", "当时尚未签发", "Not issued at that time", "", "",
                false},
};

constexpr std::array kReasons{
    ReasonWords{"unspecified", "未说明", "Not specified"},
    ReasonWords{"holder_request", "持证人申请", "At the holder's request"},
    ReasonWords{"data_changed", "登记事项变更", "The certified facts changed"},
    ReasonWords{"issued_in_error", "签发有误", "Issued in error"},
    ReasonWords{"fraud", "以欺骗手段取得", "Obtained by fraud"},
    ReasonWords{"holder_deceased", "持证人死亡", "The holder died"},
    ReasonWords{"holder_dissolved", "持证单位终止", "The holder was dissolved"},
    ReasonWords{"key_compromised", "密钥泄露", "A key was compromised"},
    ReasonWords{"lost", "遗失或被盗", "Lost or stolen"},
    ReasonWords{"legal_order", "依法律文书", "By legal order"},
    ReasonWords{"under_review", "核查中", "Under review"},
    ReasonWords{"review_passed", "核查通过", "The review was passed"},
    ReasonWords{"requirements_unmet", "不再符合条件", "The requirements are no longer met"},
    ReasonWords{"new_version", "换发新版本", "A new version was issued"},
};

}  // namespace

const StatusWords& status_words(wire::CredentialStatus status) {
  const auto found = std::ranges::find(kStatuses, status, &StatusWords::status);
  return found == kStatuses.end() ? kStatuses.front() : *found;
}

std::span<const StatusWords> all_status_words() {
  return kStatuses;
}

const ReasonWords* reason_words(std::string_view code) {
  const auto found = std::ranges::find(kReasons, code, &ReasonWords::code);
  return found == kReasons.end() ? nullptr : &*found;
}

std::span<const ReasonWords> all_reason_words() {
  return kReasons;
}

}  // namespace chancery::contracts::credential
