#pragma once
// Names of note keys, C2SP signed-note.

#include <string_view>

namespace chancery::merkle {

/// Not empty, valid UTF-8, without Unicode spaces, plus signs and control characters.
bool is_note_key_name(std::string_view name);

}  // namespace chancery::merkle
