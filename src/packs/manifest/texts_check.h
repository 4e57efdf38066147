#pragma once
// texts/zh-CN.yaml and texts/en.yaml: the same keys, every text there, the same {placeholders}.

#include "packs/manifest/manifest.h"

namespace chancery::packs {

std::map<std::string, Text, std::less<>> read_texts(const PackFiles& files, Findings& findings);

}  // namespace chancery::packs
