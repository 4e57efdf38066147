#pragma once

#include "api/api.h"

namespace chancery::api {

/// Read now from ledger, read model and disk.
NodeFigures node_figures(Api& api);

}  // namespace chancery::api
