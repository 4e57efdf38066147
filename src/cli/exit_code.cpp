#include "cli/exit_code.h"

namespace chancery::cli {

ExitCode exit_code_of(Reason reason) {
  switch (reason) {
    case Reason::kUsage:
      return ExitCode::kUsage;
    case Reason::kProofInvalid:
    case Reason::kProofUntrusted:
    case Reason::kCheckpointInvalid:
    case Reason::kContentMissing:
    case Reason::kContentChanged:
    case Reason::kSignatureBroken:
    case Reason::kSignatureIncomplete:
    case Reason::kSignerUnknown:
    case Reason::kSignerMismatch:
    case Reason::kTimestampOtherContent:
    case Reason::kTimestampOtherRequest:
    case Reason::kTimestampOrder:
    case Reason::kEvidenceNotCovered:
    case Reason::kEvidenceBroken:
    case Reason::kCorrupt:
      return ExitCode::kVerificationFailed;
    case Reason::kUnauthenticated:
    case Reason::kForbidden:
    case Reason::kAccountSuspended:
      return ExitCode::kAuthentication;
    case Reason::kNotFound:
    case Reason::kGone:
    case Reason::kUnknownAccount:
      return ExitCode::kNotFound;
    case Reason::kUnavailable:
    case Reason::kOverloaded:
    case Reason::kReadOnly:
    case Reason::kTimeout:
    case Reason::kInFlight:
      return ExitCode::kUnavailable;
    case Reason::kAlreadyExists:
    case Reason::kConflict:
    case Reason::kWrongState:
    case Reason::kPreconditionFailed:
    case Reason::kIdempotencyMismatch:
    case Reason::kReplayed:
      return ExitCode::kConflict;
    default:
      return ExitCode::kFailed;
  }
}

std::string_view meaning(ExitCode code, Language language) {
  const bool zh = language == Language::kZhCn;
  switch (code) {
    case ExitCode::kOk:
      return zh ? "成功" : "success";
    case ExitCode::kFailed:
      return zh ? "失败，原因见标准错误输出" : "failure; standard error says why";
    case ExitCode::kUsage:
      return zh ? "命令行用法错误，未做任何操作" : "wrong usage; nothing was done";
    case ExitCode::kVerificationFailed:
      return zh ? "验证不通过" : "verification failed";
    case ExitCode::kAuthentication:
      return zh ? "未登录、口令错误或无权限" : "not logged in, wrong passphrase, or not permitted";
    case ExitCode::kNotFound:
      return zh ? "没有找到" : "not found";
    case ExitCode::kUnavailable:
      return zh ? "服务暂不可用，请稍后重试" : "unavailable; try again later";
    case ExitCode::kConflict:
      return zh ? "与当前状态冲突" : "conflict with the present state";
  }
  return "";
}

}  // namespace chancery::cli
