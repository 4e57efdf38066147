#include "ledger/strict_cbor.h"

#include <string>

namespace chancery::ledger {

namespace {

/// Walks through the items and stops (returns false) at the first that is refused. Builds nothing.
class CborGuard : public nlohmann::json_sax<Json> {
 public:
  explicit CborGuard(std::size_t max_depth) : max_depth_(max_depth) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t& text) override { return is_utf8(text); }
  bool key(string_t& text) override { return is_utf8(text); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return ++depth_ <= max_depth_; }
  bool start_array(std::size_t) override { return ++depth_ <= max_depth_; }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool leave() {
    --depth_;
    return true;
  }

  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

}  // namespace

Result<Json> parse_strict_cbor(BytesView bytes, std::size_t max_depth) {
  CborGuard guard(max_depth);
  if (!Json::sax_parse(bytes, &guard, Json::input_format_t::cbor)) return fail(Reason::kMalformed, "not strict CBOR");
  Json value = Json::from_cbor(bytes, true, false, Json::cbor_tag_handler_t::error);
  if (value.is_discarded()) return fail(Reason::kMalformed, "not CBOR");
  return value;
}

}  // namespace chancery::ledger
