#pragma once
// Nodes give each other their signatures of every checkpoint, outside consensus: as soon as a block is durable each
// node sends its own note to all peers, and a peer answers with its own for the same block, if it has it.
//   POST /cosignatures   { "height": 12, "note": "<signed note>" }  ->  { "height": 12, "note": "<the answerer's>" }
// The answer has no note while the answerer is still behind. Signatures prove themselves; who brings them is no matter.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/conflicting_checkpoints.h"
#include "ledger/ledger.h"

namespace chancery::node {

/// How a request gets to a peer and its answer back. Thread-safe; blocks up to its own time-out.
class PeerTransport {
 public:
  virtual ~PeerTransport() = default;
  virtual Result<std::string> post(const std::string& peer, const std::string& path, const std::string& body) = 0;
};

inline constexpr std::string_view kCosignaturesPath = "/cosignatures";

class CosignExchange {
 public:
  /// Called from threads of the exchange or of whoever calls answer().
  struct Events {
    std::function<void()> head_moved;  ///< signatures made a newer block final
    std::function<void(const ledger::ConflictingCheckpoints&)> conflict;
  };
  /// Everything outlives the exchange. A node that `observes` asks and is told, and has nothing to give.
  CosignExchange(ledger::Ledger& ledger, PeerTransport& transport, std::vector<std::string> peers, Events events,
                 bool observes = false);
  ~CosignExchange();
  void stop();

  /// This node's block is durable and its checkpoint signed.
  void durable(std::uint64_t height);
  /// Asks every peer at once for its signature of one block, waiting for the answers: blocks that others have overtaken
  /// are not asked about otherwise.
  void gather(std::uint64_t height);
  /// What a peer's POST is answered with. kMalformed, kTooLarge; a line that does not hold is kProofInvalid.
  Result<std::string> answer(const std::string& peer, const std::string& body);

  struct PeerState {
    std::string name;
    std::uint64_t height = 0;  ///< the newest block that this peer signed too
    bool reached = false;      ///< the last call got an answer
    std::string error;
  };
  std::vector<PeerState> peers() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chancery::node
