#pragma once
// Encrypts a node's key files again with a cheap scrypt, so that hundreds of starts cost what the ledger costs. How
// strong the files are is tested elsewhere.

#include <string>

#include "base/result.h"

namespace chancery::chaos {

/// Every *.p8 of the directory, same passphrase.
Status make_keys_cheap(const std::string& keys_directory, const std::string& passphrase);

}  // namespace chancery::chaos
