#pragma once
// The states of a record as a graph: everything can be reached, and everything comes to an end.

#include "packs/manifest/manifest.h"
#include "packs/manifest/yaml_file.h"

namespace chancery::packs {

void check_workflow(YamlFile& file, const RecordType& record);

}  // namespace chancery::packs
