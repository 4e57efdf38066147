#include "packs/forms/unicode_property.h"

#include <algorithm>
#include <array>

namespace chancery::packs {

namespace {

struct Name {
  std::string_view long_name;
  std::string_view re2;
};

// General categories of UAX #44; an empty second name: RE2 lacks it.
constexpr Name kCategories[] = {
    {"L", "L"},
    {"Letter", "L"},
    {"Lu", "Lu"},
    {"Uppercase_Letter", "Lu"},
    {"Ll", "Ll"},
    {"Lowercase_Letter", "Ll"},
    {"Lt", "Lt"},
    {"Titlecase_Letter", "Lt"},
    {"LC", ""},
    {"Cased_Letter", ""},
    {"Lm", "Lm"},
    {"Modifier_Letter", "Lm"},
    {"Lo", "Lo"},
    {"Other_Letter", "Lo"},
    {"M", "M"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Mn", "Mn"},
    {"Nonspacing_Mark", "Mn"},
    {"Mc", "Mc"},
    {"Spacing_Mark", "Mc"},
    {"Me", "Me"},
    {"Enclosing_Mark", "Me"},
    {"N", "N"},
    {"Number", "N"},
    {"Nd", "Nd"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Nl", "Nl"},
    {"Letter_Number", "Nl"},
    {"No", "No"},
    {"Other_Number", "No"},
    {"P", "P"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Pc", "Pc"},
    {"Connector_Punctuation", "Pc"},
    {"Pd", "Pd"},
    {"Dash_Punctuation", "Pd"},
    {"Ps", "Ps"},
    {"Open_Punctuation", "Ps"},
    {"Pe", "Pe"},
    {"Close_Punctuation", "Pe"},
    {"Pi", "Pi"},
    {"Initial_Punctuation", "Pi"},
    {"Pf", "Pf"},
    {"Final_Punctuation", "Pf"},
    {"Po", "Po"},
    {"Other_Punctuation", "Po"},
    {"S", "S"},
    {"Symbol", "S"},
    {"Sm", "Sm"},
    {"Math_Symbol", "Sm"},
    {"Sc", "Sc"},
    {"Currency_Symbol", "Sc"},
    {"Sk", "Sk"},
    {"Modifier_Symbol", "Sk"},
    {"So", "So"},
    {"Other_Symbol", "So"},
    {"Z", "Z"},
    {"Separator", "Z"},
    {"Zs", "Zs"},
    {"Space_Separator", "Zs"},
    {"Zl", "Zl"},
    {"Line_Separator", "Zl"},
    {"Zp", "Zp"},
    {"Paragraph_Separator", "Zp"},
    {"C", ""},
    {"Other", ""},
    {"Cc", "Cc"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Cf", "Cf"},
    {"Format", "Cf"},
    {"Cs", "Cs"},
    {"Surrogate", "Cs"},
    {"Co", "Co"},
    {"Private_Use", "Co"},
    {"Cn", ""},
    {"Unassigned", ""},
};

// Scripts that forms in China meet, under their long and short names.
constexpr Name kScripts[] = {
    {"Han", "Han"},
    {"Hani", "Han"},
    {"Latin", "Latin"},
    {"Latn", "Latin"},
    {"Greek", "Greek"},
    {"Grek", "Greek"},
    {"Cyrillic", "Cyrillic"},
    {"Cyrl", "Cyrillic"},
    {"Arabic", "Arabic"},
    {"Arab", "Arabic"},
    {"Tibetan", "Tibetan"},
    {"Tibt", "Tibetan"},
    {"Mongolian", "Mongolian"},
    {"Mong", "Mongolian"},
    {"Hangul", "Hangul"},
    {"Hang", "Hangul"},
    {"Hiragana", "Hiragana"},
    {"Hira", "Hiragana"},
    {"Katakana", "Katakana"},
    {"Kana", "Katakana"},
    {"Yi", "Yi"},
    {"Yiii", "Yi"},
    {"Bopomofo", "Bopomofo"},
    {"Bopo", "Bopomofo"},
    {"Thai", "Thai"},
    {"Hebrew", "Hebrew"},
    {"Hebr", "Hebrew"},
    {"Devanagari", "Devanagari"},
    {"Deva", "Devanagari"},
    {"Lisu", "Lisu"},
    {"Common", "Common"},
    {"Zyyy", "Common"},
};

// Binary properties of ECMA-262 table 69.
constexpr std::string_view kBinary[] = {
    "ASCII",
    "ASCII_Hex_Digit",
    "AHex",
    "Alphabetic",
    "Alpha",
    "Assigned",
    "Bidi_Control",
    "Bidi_C",
    "Bidi_Mirrored",
    "Bidi_M",
    "Case_Ignorable",
    "CI",
    "Cased",
    "Changes_When_Casefolded",
    "CWCF",
    "Changes_When_Casemapped",
    "CWCM",
    "Changes_When_Lowercased",
    "CWL",
    "Changes_When_NFKC_Casefolded",
    "CWKCF",
    "Changes_When_Titlecased",
    "CWT",
    "Changes_When_Uppercased",
    "CWU",
    "Dash",
    "Default_Ignorable_Code_Point",
    "DI",
    "Deprecated",
    "Dep",
    "Diacritic",
    "Dia",
    "Emoji",
    "Emoji_Component",
    "EComp",
    "Emoji_Modifier",
    "EMod",
    "Emoji_Modifier_Base",
    "EBase",
    "Emoji_Presentation",
    "EPres",
    "Extended_Pictographic",
    "ExtPict",
    "Extender",
    "Ext",
    "Grapheme_Base",
    "Gr_Base",
    "Grapheme_Extend",
    "Gr_Ext",
    "Hex_Digit",
    "Hex",
    "IDS_Binary_Operator",
    "IDSB",
    "IDS_Trinary_Operator",
    "IDST",
    "ID_Continue",
    "IDC",
    "ID_Start",
    "IDS",
    "Ideographic",
    "Ideo",
    "Join_Control",
    "Join_C",
    "Logical_Order_Exception",
    "LOE",
    "Lowercase",
    "Lower",
    "Math",
    "Noncharacter_Code_Point",
    "NChar",
    "Pattern_Syntax",
    "Pat_Syn",
    "Pattern_White_Space",
    "Pat_WS",
    "Quotation_Mark",
    "QMark",
    "Radical",
    "Regional_Indicator",
    "RI",
    "Sentence_Terminal",
    "STerm",
    "Soft_Dotted",
    "SD",
    "Terminal_Punctuation",
    "Term",
    "Unified_Ideograph",
    "UIdeo",
    "Uppercase",
    "Upper",
    "Variation_Selector",
    "VS",
    "White_Space",
    "space",
    "XID_Continue",
    "XIDC",
    "XID_Start",
    "XIDS",
};

template <std::size_t size>
UnicodeProperty look_up(const Name (&names)[size], std::string_view name) {
  const auto found = std::ranges::find(names, name, &Name::long_name);
  return found == std::end(names) ? UnicodeProperty{} : UnicodeProperty{true, found->re2};
}

}  // namespace

UnicodeProperty find_unicode_property(std::string_view expression) {
  const std::size_t equals = expression.find('=');
  if (equals == std::string_view::npos) {
    if (expression == "Any") return {true, "Any"};
    if (const UnicodeProperty category = look_up(kCategories, expression); category.exists) return category;
    return {std::ranges::find(kBinary, expression) != std::end(kBinary), ""};
  }
  const std::string_view property = expression.substr(0, equals);
  const std::string_view value = expression.substr(equals + 1);
  if (property == "General_Category" || property == "gc") return look_up(kCategories, value);
  if (property == "Script" || property == "sc") {
    // A script that is not in the table may exist all the same: unsupported, not wrong.
    const UnicodeProperty script = look_up(kScripts, value);
    return {true, script.re2_name};
  }
  if (property == "Script_Extensions" || property == "scx") return {true, ""};
  return {};
}

}  // namespace chancery::packs
