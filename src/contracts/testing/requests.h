#pragma once
// Requests that tests of several contracts make.

#include <string>

#include "contracts/credential.pb.h"
#include "contracts/evidence.pb.h"

namespace chancery::contracts::testing {

inline wire::Issue issue_request(const std::string& id, const std::string& type = "residence") {
  wire::Issue out;
  out.set_id(id);
  out.set_type(type);
  out.set_holder(std::string(32, 'h'));
  out.set_fields_root(std::string(32, 'f'));
  return out;
}

inline wire::ChangeStatus status_request(const std::string& id, const std::string& reason = "unspecified") {
  wire::ChangeStatus out;
  out.set_id(id);
  out.set_reason(reason);
  return out;
}

inline wire::NewVersion new_version_request(const std::string& id, const std::string& new_id) {
  wire::NewVersion out;
  out.set_id(id);
  out.set_new_id(new_id);
  out.set_fields_root(std::string(32, 'g'));
  return out;
}

inline wire::Annotate annotate_request(const std::string& id) {
  wire::Annotate out;
  out.set_id(id);
  out.set_commitment(std::string(32, 'a'));
  return out;
}

inline wire::Deposit deposit_request(const std::string& matter = {}, const std::string& previous = {}) {
  wire::Deposit out;
  out.set_sm3(std::string(32, 'd'));
  out.set_size_bytes(1'000);
  out.set_media_type("video/mp4");
  out.set_phase("collected");
  out.set_matter(matter);
  out.set_previous(previous);
  return out;
}

}  // namespace chancery::contracts::testing
