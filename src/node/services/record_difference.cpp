#include "node/services/record_difference.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <array>
#include <map>
#include <memory>

#include "base/json.h"
#include "contracts/governance.pb.h"
#include "contracts/identity.pb.h"

namespace chancery::node {

namespace {

using google::protobuf::Message;

struct Kind {
  std::string_view contract;
  std::string_view collection;
  std::string_view zh;
  std::string_view en;
  const Message* (*prototype)();
};

template <class Record>
const Message* prototype() {
  return &Record::default_instance();
}

constexpr std::array kKinds{
    Kind{"identity", "organisation", "机构", "Organisation", prototype<wire::Organisation>},
    Kind{"identity", "uscc", "统一社会信用代码", "Unified social credit code", prototype<wire::OrganisationOfCode>},
    Kind{"identity", "account", "账户", "Account", prototype<wire::Account>},
    Kind{"identity", "key", "密钥", "Key", prototype<wire::KeyRecord>},
    Kind{"identity", "permission", "权限", "Permission", prototype<wire::Permission>},
    Kind{"governance", "constitution", "章程", "Constitution", prototype<wire::Constitution>},
    Kind{"governance", "council", "理事机构", "Council", prototype<wire::Council>},
    Kind{"governance", "left", "已移除机构", "Removed organisation", prototype<wire::LeftCouncil>},
    Kind{"governance", "counter", "编号", "Counter", prototype<wire::Counter>},
    Kind{"governance", "order", "冻结令", "Freeze order", prototype<wire::FreezeOrder>},
    Kind{"governance", "frozen", "冻结对象", "Frozen target", prototype<wire::FrozenTarget>},
    Kind{"governance", "freezes", "冻结概况", "Summary of freezes", prototype<wire::FreezeSummary>},
    Kind{"governance", "validators", "验证节点集合，自区块", "Validators from block", prototype<wire::ValidatorSet>},
    Kind{"governance", "protocol", "协议版本，自区块", "Protocol version from block", prototype<wire::ProtocolVersion>},
    Kind{"governance", "parameter", "网络参数", "Network parameter", prototype<wire::Parameter>},
    Kind{"governance", "pack", "服务包", "Service pack", prototype<wire::ServicePack>},
};

const Kind* kind_of(const ledger::RecordKey& key) {
  for (const Kind& kind : kKinds) {
    if (kind.contract == key.contract && kind.collection == key.collection) return &kind;
  }
  return nullptr;
}

/// The newest validators and protocol version are named by a counter in the same collection.
const Message* prototype_of(const Kind& kind, const ledger::RecordKey& key) {
  return as_text(key.key) == "newest" ? prototype<wire::Counter>() : kind.prototype();
}

using Members = std::map<std::string, std::string>;

Members members_of(const Kind* kind, const ledger::RecordKey& key, const Bytes& record) {
  if (kind != nullptr) {
    const std::unique_ptr<Message> message(prototype_of(*kind, key)->New());
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    options.always_print_primitive_fields = true;
    std::string text;
    if (message->ParseFromArray(record.data(), static_cast<int>(record.size())) &&
        google::protobuf::util::MessageToJsonString(*message, &text, options).ok()) {
      Members out;
      const auto json = parse_json(text);
      if (json) {
        const Json flat = json->flatten();  // named: the loop below borrows it
        for (const auto& [path, value] : flat.items()) {
          out[path.empty() ? path : path.substr(1)] = value.is_string() ? value.get<std::string>() : value.dump();
        }
        return out;
      }
    }
  }
  return {{"record", to_base64(record)}};
}

std::string readable(BytesView key) {
  for (const std::uint8_t byte : key) {
    if (byte < 0x20 || byte == 0x7F) return "hex:" + to_hex(key);
  }
  return is_utf8(as_text(key)) ? std::string(as_text(key)) : "hex:" + to_hex(key);
}

}  // namespace

RecordDifference difference(const ledger::Trial::Change& change) {
  const auto key = ledger::parse_raw_record_key(change.raw_key);
  CHANCERY_CHECK(key.has_value());
  RecordDifference out;
  out.contract = key->contract;
  out.collection = key->collection;
  out.key = readable(key->key);
  const Kind* kind = kind_of(*key);
  out.title_zh = fmt::format("{} {}", kind != nullptr ? kind->zh : out.contract + "/" + out.collection, out.key);
  out.title_en = fmt::format("{} {}", kind != nullptr ? kind->en : out.contract + "/" + out.collection, out.key);
  out.existed = change.before.has_value();
  out.remains = change.now.has_value();
  const Members before = change.before ? members_of(kind, *key, *change.before) : Members{};
  const Members after = change.now ? members_of(kind, *key, *change.now) : Members{};
  for (const auto& [path, value] : before) {
    const auto now = after.find(path);
    if (now == after.end()) out.fields.push_back({path, value, {}});
    if (now != after.end() && now->second != value) out.fields.push_back({path, value, now->second});
  }
  for (const auto& [path, value] : after) {
    if (!before.contains(path)) out.fields.push_back({path, {}, value});
  }
  return out;
}

}  // namespace chancery::node
