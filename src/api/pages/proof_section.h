#pragma once

#include <string>

#include "api/pages/page.h"

namespace chancery::api {

/// "Why you can trust this": the receipt, verified now by this server, each step in words, and the files to take away.
/// `receipt_address` without its ending.
html::Markup proof_section(Api& api, const Words& words, const Result<ledger::Receipt>& receipt,
                           const std::string& receipt_address);

}  // namespace chancery::api
