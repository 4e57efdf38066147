#include "contracts/evidence/words.h"

#include <algorithm>
#include <array>

namespace chancery::contracts::evidence {

namespace {
constexpr std::array kPhases{
    PhaseWords{"created", "形成", "Created"},     PhaseWords{"collected", "采集", "Collected"},
    PhaseWords{"fixed", "固定", "Fixed"},         PhaseWords{"preserved", "保全", "Preserved"},
    PhaseWords{"signed", "签署", "Signed"},       PhaseWords{"delivered", "送达", "Delivered"},
    PhaseWords{"performed", "履行", "Performed"}, PhaseWords{"breached", "违约", "Breached"},
    PhaseWords{"submitted", "提交", "Submitted"}, PhaseWords{"verified", "核验", "Verified"},
    PhaseWords{"certified", "出证", "Certified"}, PhaseWords{"admitted", "采信", "Admitted"},
    PhaseWords{"archived", "归档", "Archived"},
};
}  // namespace

const PhaseWords* phase_words(std::string_view code) {
  const auto found = std::ranges::find(kPhases, code, &PhaseWords::code);
  return found == kPhases.end() ? nullptr : &*found;
}

std::span<const PhaseWords> all_phase_words() {
  return kPhases;
}

}  // namespace chancery::contracts::evidence
