#include "cli/demo/sample.h"

#include <fmt/core.h>

#include <chrono>
#include <unordered_set>

#include "base/json_reader.h"
#include "base/national_ids.h"
#include "base/random.h"
#include "cli/demo/embedded_samples.h"

namespace chancery::cli::demo {
namespace {

constexpr std::size_t kMostResidents = 1'000'000;

Result<Clerk> clerk_of(JsonReader& reader) {
  Clerk clerk;
  ASSIGN_OR_RETURN(clerk.account, reader.required_string("account", 64, 1));
  ASSIGN_OR_RETURN(clerk.title_zh, reader.required_string("title_zh", 60, 1));
  ASSIGN_OR_RETURN(clerk.title_en, reader.required_string("title_en", 60, 1));
  ASSIGN_OR_RETURN(clerk.roles, reader.required_strings("roles", 8, 32));
  TRY(reader.refuse_unknown_members());
  return clerk;
}

Result<Office> office_of(JsonReader& reader, bool has_clerks) {
  Office office;
  ASSIGN_OR_RETURN(office.id, reader.required_string("id", 32, 2));
  ASSIGN_OR_RETURN(office.name_zh, reader.required_string("name_zh", 100, 1));
  ASSIGN_OR_RETURN(office.name_en, reader.required_string("name_en", 200, 1));
  ASSIGN_OR_RETURN(office.uscc, reader.required_string("uscc", 18, 18));
  if (has_clerks) {
    ASSIGN_OR_RETURN(auto clerks, reader.required_objects("clerks", 100));
    for (JsonReader& clerk : clerks) {
      ASSIGN_OR_RETURN(Clerk one, clerk_of(clerk));
      office.clerks.push_back(std::move(one));
    }
  }
  TRY(reader.refuse_unknown_members());
  return office;
}

Result<CertificateType> type_of(JsonReader& reader) {
  CertificateType type;
  ASSIGN_OR_RETURN(type.id, reader.required_string("id", 64, 1));
  ASSIGN_OR_RETURN(type.name_zh, reader.required_string("name_zh", 100, 1));
  ASSIGN_OR_RETURN(type.name_en, reader.required_string("name_en", 200, 1));
  ASSIGN_OR_RETURN(type.issuers, reader.required_strings("issuers", 16, 32));
  ASSIGN_OR_RETURN(const std::string path, reader.required_string("schema", 200, 1));
  type.schema = embedded_schema(path);
  if (type.schema.empty()) return reader.refuse("schema", "no such file was built in");
  ASSIGN_OR_RETURN(type.vct, reader.required_string("vct", 200));
  ASSIGN_OR_RETURN(type.id_scheme, reader.required_string("id_scheme", 16));
  ASSIGN_OR_RETURN(type.gbt_type_code, reader.required_string("gbt_type_code", 21));
  ASSIGN_OR_RETURN(type.retention, reader.required_string("retention", 16));
  ASSIGN_OR_RETURN(type.default_validity_days, reader.required_integer("default_validity_days", 1, 36'500));
  TRY(reader.refuse_unknown_members());
  return type;
}

/// The register that the residents are made from.
struct ResidentSource {
  std::int64_t seed = 0;
  std::size_t count = 0;
  std::uint32_t division = 0;
  std::vector<std::string> surnames;
  std::vector<std::string> given_names;
  std::vector<std::string> streets;
  std::string community;
};

Result<ResidentSource> resident_source() {
  ASSIGN_OR_RETURN(const Json document, parse_json(embedded_residents()));
  JsonReader reader(document, "residents.json");
  ResidentSource source;
  ASSIGN_OR_RETURN(source.seed, reader.required_integer("seed", 0, INT64_MAX));
  ASSIGN_OR_RETURN(const std::int64_t count, reader.required_integer("count", 1, 1'000'000));
  source.count = static_cast<std::size_t>(count);
  ASSIGN_OR_RETURN(const std::int64_t division, reader.required_integer("division", 110'000, 999'999));
  source.division = static_cast<std::uint32_t>(division);
  ASSIGN_OR_RETURN(source.surnames, reader.required_strings("surnames", 500, 8));
  ASSIGN_OR_RETURN(source.given_names, reader.required_strings("given_names", 500, 8));
  ASSIGN_OR_RETURN(source.streets, reader.required_strings("streets", 500, 40));
  ASSIGN_OR_RETURN(source.community, reader.required_string("community", 100, 1));
  TRY(reader.refuse_unknown_members());
  return source;
}

const std::string& pick(const std::vector<std::string>& from, Random& random) {
  return from[random.below(from.size())];
}

Resident make_resident(const ResidentSource& source, Random& random) {
  Resident resident;
  resident.name = pick(source.surnames, random) + pick(source.given_names, random);
  resident.address = fmt::format("{}{}{}号{}室", source.community, pick(source.streets, random), 1 + random.below(200),
                                 101 + random.below(20) * 100 + random.below(8));
  const auto since = std::chrono::sys_days{std::chrono::year{2010} / 1 / 1} +
                     std::chrono::days{static_cast<int>(random.below(16 * 365))};
  const std::chrono::year_month_day date{since};
  resident.resident_since = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return resident;
}

}  // namespace

Json Resident::residence_fields() const {
  return {{"name", name}, {"id_number", id_number}, {"address", address}, {"resident_since", resident_since}};
}

Result<Sample> load_sample() {
  ASSIGN_OR_RETURN(const Json document, parse_json(embedded_offices()));
  JsonReader reader(document, "offices.json");
  Sample sample;
  ASSIGN_OR_RETURN(JsonReader network, reader.required_object("network"));
  ASSIGN_OR_RETURN(sample.network_name, network.required_string("name", 64, 1));
  ASSIGN_OR_RETURN(sample.origin, network.required_string("origin", 128, 1));
  ASSIGN_OR_RETURN(sample.administrator, network.required_string("administrator", 64, 1));
  ASSIGN_OR_RETURN(JsonReader operator_reader, network.required_object("operator"));
  ASSIGN_OR_RETURN(sample.operator_office, office_of(operator_reader, false));
  ASSIGN_OR_RETURN(auto offices, reader.required_objects("offices", 100));
  for (JsonReader& office : offices) {
    ASSIGN_OR_RETURN(Office one, office_of(office, true));
    sample.offices.push_back(std::move(one));
  }
  ASSIGN_OR_RETURN(const Json types, parse_json(embedded_types()));
  for (const Json& type : types) {
    JsonReader type_reader(type, "types.json");
    ASSIGN_OR_RETURN(CertificateType one, type_of(type_reader));
    sample.types.push_back(std::move(one));
  }
  return sample;
}

Result<std::size_t> resident_count() {
  ASSIGN_OR_RETURN(const ResidentSource source, resident_source());
  return source.count;
}

Result<std::vector<Resident>> make_residents(std::size_t count) {
  if (count > kMostResidents) return fail(Reason::kTooLarge, fmt::format("at most {} residents", kMostResidents));
  ASSIGN_OR_RETURN(const ResidentSource source, resident_source());
  SeededRandom random(static_cast<std::uint64_t>(source.seed));
  std::unordered_set<std::string> numbers;
  std::vector<Resident> residents;
  residents.reserve(count);
  while (residents.size() < count) {
    Resident resident = make_resident(source, random);
    do {
      resident.id_number = synthetic_citizen_number(random, source.division);
    } while (!numbers.insert(resident.id_number).second);
    residents.push_back(std::move(resident));
  }
  return residents;
}

}  // namespace chancery::cli::demo
