#include "cli/demo/embedded_samples.h"

// The assembler copies the files, so nothing in them needs quoting.
#define EMBED(symbol, file)                                                                                    \
  __asm__(".section .rodata\n.global sample_" #symbol "\nsample_" #symbol ":\n.incbin \"" CHANCERY_SAMPLES_DIR \
          "/" file "\"\n.global sample_" #symbol "_end\nsample_" #symbol "_end:\n.byte 0\n.previous\n");       \
  extern "C" const char sample_##symbol[];                                                                     \
  extern "C" const char sample_##symbol##_end[]
#define TEXT_OF(symbol) \
  std::string_view(sample_##symbol, static_cast<std::size_t>(sample_##symbol##_end - sample_##symbol))

EMBED(offices, "offices.json");
EMBED(types, "types.json");
EMBED(residents, "residents.json");
EMBED(residence, "schemas/residence-certificate.json");
EMBED(kinship, "schemas/kinship-certificate.json");
EMBED(no_marriage_record, "schemas/no-marriage-record-certificate.json");
EMBED(low_income, "schemas/low-income-certificate.json");
EMBED(no_housing, "schemas/no-housing-certificate.json");
EMBED(rental_queue, "schemas/public-rental-queue-certificate.json");

namespace chancery::cli::demo {

std::string_view embedded_offices() {
  return TEXT_OF(offices);
}
std::string_view embedded_types() {
  return TEXT_OF(types);
}
std::string_view embedded_residents() {
  return TEXT_OF(residents);
}

std::string_view embedded_schema(std::string_view path) {
  if (path == "schemas/residence-certificate.json") return TEXT_OF(residence);
  if (path == "schemas/kinship-certificate.json") return TEXT_OF(kinship);
  if (path == "schemas/no-marriage-record-certificate.json") return TEXT_OF(no_marriage_record);
  if (path == "schemas/low-income-certificate.json") return TEXT_OF(low_income);
  if (path == "schemas/no-housing-certificate.json") return TEXT_OF(no_housing);
  if (path == "schemas/public-rental-queue-certificate.json") return TEXT_OF(rental_queue);
  return {};
}

}  // namespace chancery::cli::demo
