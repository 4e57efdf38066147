#pragma once
// Calls signed with a session's key, submitted once however often the request is repeated.
//
// Idempotency: the row  H(account | Idempotency-Key) -> { hash of the request, transaction id }  becomes durable in the
// same batch as the block of the transaction. A repeated request therefore finds its first answer, also after a crash;
// a request that never reached a block leaves no row and may be repeated as if it had never been.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger.pb.h"
#include "node/node.h"
#include "node/services/sessions.h"

namespace chancery::node {

inline constexpr std::int64_t kSubmitTimeout_ms = 30'000;
/// A repeated request waits this long for the first one, then gets kInFlight.
inline constexpr std::int64_t kInFlightWait_ms = 10'000;

struct CallRequest {
  std::string contract;
  std::string method;
  std::string args;  ///< the method's encoded message
};

/// A transaction that is final and took effect.
struct Submitted {
  Digest transaction_id{};
  std::uint64_t height = 0;
  std::uint64_t leaf_index = 0;
  wire::Entry entry;      ///< with the outputs of its calls
  bool repeated = false;  ///< the answer of an earlier request with the same Idempotency-Key
};

/// Thread-safe.
class Submission {
 public:
  explicit Submission(Node& node);
  ~Submission();

  /// One transaction of these calls, signed by the session's account.
  /// `idempotency_key`: 1 to 128 visible ASCII characters, or empty for none.
  /// `request_hash`: what the client asked for, hashed; another hash under the same key is kIdempotencyMismatch.
  /// The transaction's own refusal comes back as the error. kTimeout leaves it on its way.
  Result<Submitted> submit(const Session& session, const std::vector<CallRequest>& calls,
                           std::string_view idempotency_key, const Digest& request_hash, std::string_view memo = {});
  /// The same for calls without another meaning than their own bytes: the request hash is taken of them.
  Result<Submitted> submit(const Session& session, const std::vector<CallRequest>& calls,
                           std::string_view idempotency_key, std::string_view memo = {});

  /// The first answer to this key, if there is one: before any work is done for the request.
  /// nullopt: unknown (or in flight); errors: kIdempotencyMismatch, or the first answer's refusal.
  Result<std::optional<Submitted>> earlier(std::string_view account, std::string_view idempotency_key,
                                           const Digest& request_hash);

  struct Item {
    std::vector<CallRequest> calls;
    std::string idempotency_key;
    Digest request_hash{};
    std::string memo;  ///< public
  };
  /// One transaction an item, signed and submitted together; answers in order.
  std::vector<Result<Submitted>> submit_many(const Session& session, std::vector<Item> items);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
