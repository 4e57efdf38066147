#include "readmodel/sqlite/names.h"

namespace chancery::readmodel {

namespace {

constexpr std::size_t kCachedNames = 50'000;
constexpr std::size_t kMinTailBytes = 8;

struct TableStatements {
  std::string_view find;
  std::string_view add;
};
constexpr std::array<TableStatements, 5> kStatements = {{
    {"SELECT id FROM word WHERE name=?1", "INSERT INTO word(name) VALUES(?1)"},
    {"SELECT id FROM organisation WHERE name=?1", "INSERT INTO organisation(name) VALUES(?1)"},
    {"SELECT id FROM account WHERE name=?1", "INSERT INTO account(name) VALUES(?1)"},
    {"SELECT id FROM type WHERE name=?1", "INSERT INTO type(name) VALUES(?1)"},
    {"SELECT id FROM id_prefix WHERE name=?1", "INSERT INTO id_prefix(name) VALUES(?1)"},
}};

}  // namespace

Result<std::int64_t> Names::id_of(NameTable table, std::string_view name) {
  if (name.empty() && table != NameTable::kIdPrefix) return 0;
  const auto index = static_cast<std::size_t>(table);
  Cache& cache = caches_[index];
  if (const auto found = cache.find(name); found != cache.end()) return found->second;
  if (cache.size() >= kCachedNames) cache.clear();

  std::int64_t id = 0;
  {
    ASSIGN_OR_RETURN(auto* prepared, connection_.prepare(kStatements[index].find));
    Statement find(prepared);
    find.bind(1, name);
    ASSIGN_OR_RETURN(const bool there, find.step());
    if (there) id = find.integer(0);
  }
  if (id == 0) {
    ASSIGN_OR_RETURN(auto* prepared, connection_.prepare(kStatements[index].add));
    Statement add(prepared);
    add.bind(1, name);
    TRY(add.run());
    id = connection_.last_row_id();
  }
  cache.emplace(name, id);
  return id;
}

void Names::forget() {
  for (Cache& cache : caches_) cache.clear();
}

SplitId split_id(std::string_view id) {
  if (id.size() <= kMinTailBytes) return {{}, id};
  const std::size_t at = id.find_last_of(".-_:/", id.size() - kMinTailBytes - 1);
  if (at == std::string_view::npos) return {{}, id};
  return {id.substr(0, at + 1), id.substr(at + 1)};
}

}  // namespace chancery::readmodel
