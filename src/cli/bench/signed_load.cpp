#include "cli/bench/signed_load.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/clock.h"
#include "cli/bench/load_connection.h"
#include "cli/files.h"
#include "cli/key_files.h"
#include "cli/setup/network.h"
#include "contracts/credential.pb.h"
#include "ledger.pb.h"
#include "ledger/transaction.h"
#include "node/node_files.h"

namespace chancery::cli::bench {

namespace {

/// As many ports as asked for that nobody uses now.
Result<std::vector<std::uint16_t>> free_ports(std::size_t count) {
  std::vector<int> sockets;
  std::vector<std::uint16_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockets.push_back(one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (one < 0 || ::bind(one, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::getsockname(one, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      break;
    }
    out.push_back(ntohs(address.sin_port));
  }
  for (const int one : sockets) ::close(one);
  if (out.size() < count) return fail(Reason::kUnavailable, "no free port on 127.0.0.1");
  return out;
}

}  // namespace

Status make_load_network(const std::vector<std::string>& directories, std::string_view suite,
                         const std::string& passphrase) {
  NetworkPlan plan;
  plan.name = "load";
  plan.origin = "chancery.example/load";
  plan.suite = suite;
  plan.created_ms = SystemClock().now_ms();
  plan.operator_office = {std::string(kLoadOrganisation), "压力测试机构", "Load test", "", {}};
  plan.accounts.push_back({std::string(kLoadAccount), "service", std::string(kLoadOrganisation), {"issuer"}});
  demo::CertificateType type;
  type.id = kLoadType;
  type.name_zh = "压力测试证照";
  type.name_en = "Load test credential";
  type.issuers = {std::string(kLoadOrganisation)};
  type.schema = R"({"type":"object"})";
  type.id_scheme = "plain";
  type.retention = "permanent";
  plan.types.push_back(type);
  SystemRandom random;
  if (directories.size() == 1) {
    TRY(make_network(directories.front(), plan, {passphrase, passphrase}, random));
    return {};
  }
  ASSIGN_OR_RETURN(const auto ports, free_ports(2 * directories.size()));
  std::vector<NodePlace> places;
  for (std::size_t i = 0; i < directories.size(); ++i) {
    std::string id = i == 0 ? plan.operator_office.id : fmt::format("partner-{}", i);
    if (i > 0) plan.offices.push_back({id, fmt::format("协作机构 {}", i), fmt::format("Partner {}", i), "", {}});
    places.push_back({std::move(id), directories[i], fmt::format("127.0.0.1:{}", ports[2 * i]),
                      fmt::format("127.0.0.1:{}", ports[2 * i + 1])});
  }
  TRY(make_consortium(places, plan, {passphrase, passphrase}, random));
  return {};
}

Result<LoadSigner> LoadSigner::open(const std::string& directory, const std::string& passphrase) {
  ASSIGN_OR_RETURN(const std::string text, read_text(node::genesis_path(directory)));
  ASSIGN_OR_RETURN(ledger::Genesis genesis, ledger::Genesis::parse(text));
  ASSIGN_OR_RETURN(crypto::PrivateKey key, load_key(directory + "/keys", kLoadAccount, passphrase));
  return LoadSigner(std::move(genesis), std::move(key));
}

std::string LoadSigner::credential_id(std::string_view prefix, std::uint64_t number) {
  return fmt::format("{}{}", prefix, number);
}

std::string LoadSigner::body_of(const LoadShape& shape, std::uint64_t first_id) {
  wire::Body body;
  body.set_network_id(genesis_.network_id.data(), genesis_.network_id.size());
  const Bytes nonce = random_.bytes(16);
  body.set_nonce(nonce.data(), nonce.size());
  body.set_not_before_ms(shape.not_before_ms);
  body.set_not_after_ms(shape.not_after_ms);
  for (std::size_t i = 0; i < shape.calls_per_transaction; ++i) {
    wire::Issue issue;
    issue.set_id(credential_id(shape.prefix, first_id + i));
    issue.set_type(std::string(kLoadType));
    const Bytes commitments = random_.bytes(64);
    issue.set_holder(commitments.data(), 32);
    issue.set_fields_root(commitments.data() + 32, 32);
    ledger::add_call(body, "credential", "issue", issue.SerializeAsString());
  }
  return body.SerializeAsString();
}

Result<SignedRequests> LoadSigner::sign(const LoadShape& shape) {
  constexpr std::size_t kSignedAtOnce = 4'096;
  const crypto::KeyId key_id = crypto::key_id(key_.public_key());
  const crypto::HashAlgorithm hash = genesis_.suite->hash;
  SignedRequests out;
  out.ids.reserve(shape.transactions);
  wire::TransactionBatch batch;
  std::size_t bytes = 0;
  const auto close_batch = [&] {
    if (batch.transactions_size() == 0) return;
    out.http.push_back(http_post("/v1/transactions/batch", "application/x-protobuf", batch.SerializeAsString()));
    batch.clear_transactions();
  };
  for (std::size_t done = 0; done < shape.transactions; done += kSignedAtOnce) {
    const std::size_t count = std::min(kSignedAtOnce, shape.transactions - done);
    std::vector<std::string> bodies;
    std::vector<BytesView> views;
    for (std::size_t i = 0; i < count; ++i) {
      bodies.push_back(body_of(shape, shape.first + (done + i) * shape.calls_per_transaction));
    }
    for (const std::string& body : bodies) views.push_back(as_bytes(body));
    ASSIGN_OR_RETURN(const auto signatures, crypto::sign_batch(key_, views, random_));
    for (std::size_t i = 0; i < count; ++i) {
      out.ids.push_back(ledger::transaction_id(hash, views[i]));
      wire::Transaction transaction;
      transaction.set_body(std::move(bodies[i]));
      wire::Signature* signature = transaction.add_signatures();
      signature->set_account(std::string(kLoadAccount));
      signature->set_key_id(key_id.data(), key_id.size());
      signature->set_algorithm(static_cast<std::uint32_t>(key_.algorithm()));
      signature->set_value(signatures[i].data(), signatures[i].size());
      std::string encoded = transaction.SerializeAsString();
      bytes += encoded.size();
      batch.add_transactions(std::move(encoded));
      if (static_cast<std::size_t>(batch.transactions_size()) == shape.transactions_per_request) close_batch();
    }
  }
  close_batch();
  out.transactions = shape.transactions;
  out.bytes_per_transaction =
      static_cast<double>(bytes) / static_cast<double>(std::max<std::size_t>(1, shape.transactions));
  return out;
}

}  // namespace chancery::cli::bench
