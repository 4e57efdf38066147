#pragma once
// The sample of packs/community-certificates: Mawei Xingang, Fuzhou. Three offices, twelve clerks, six kinds of
// certificates, 10,000 residents who do not exist. The files travel inside the binary.

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace chancery::cli::demo {

struct Clerk {
  std::string account;
  std::string title_zh;
  std::string title_en;
  std::vector<std::string> roles;
};

struct Office {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::string uscc;
  std::vector<Clerk> clerks;  ///< Empty for the operator of the node.
};

struct CertificateType {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> issuers;
  std::string schema;  ///< JSON Schema 2020-12, JSON text
  std::string vct;
  std::string id_scheme;
  std::string gbt_type_code;
  std::string retention;
  std::int64_t default_validity_days = 0;
};

struct Sample {
  std::string network_name;
  std::string origin;
  std::string administrator;  ///< account of the operator that grants roles
  Office operator_office;
  std::vector<Office> offices;
  std::vector<CertificateType> types;
};

/// kMalformed names the file; that is a mistake in the tree, caught by a test.
Result<Sample> load_sample();

struct Resident {
  std::string name;
  std::string id_number;  ///< GB 11643, right check digit
  std::string address;
  std::string resident_since;  ///< yyyy-mm-dd

  /// Fields of a residence certificate.
  Json residence_fields() const;
};

/// The first `count` residents of the sample's seed: the same everywhere, every number once. At most 1,000,000.
Result<std::vector<Resident>> make_residents(std::size_t count);
/// How many the sample has: 10,000.
Result<std::size_t> resident_count();

}  // namespace chancery::cli::demo
