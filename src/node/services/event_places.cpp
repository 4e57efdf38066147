#include "node/services/event_places.h"

#include <fmt/format.h>

namespace chancery::node {

namespace {

constexpr std::size_t kKeptBlocks = 8;

}  // namespace

Result<std::uint64_t> EventPlaces::leaf_of(const ledger::Ledger& ledger, std::uint64_t height,
                                           std::string_view subject) {
  ASSIGN_OR_RETURN(const auto block, block_at(ledger, height));
  const auto found = block->leaf_of_subject.find(std::string(subject));
  if (found == block->leaf_of_subject.end()) {
    return fail(Reason::kCorrupt, fmt::format("block {} has no {}.{} of {}", height, contract_, name_, subject));
  }
  return found->second;
}

Result<std::shared_ptr<const EventPlaces::Block>> EventPlaces::block_at(const ledger::Ledger& ledger,
                                                                        std::uint64_t height) {
  {
    const std::lock_guard lock(mutex_);
    for (auto it = blocks_.begin(); it != blocks_.end(); ++it) {
      if ((*it)->height != height) continue;
      blocks_.splice(blocks_.begin(), blocks_, it);
      return blocks_.front();
    }
  }
  ASSIGN_OR_RETURN(auto block, read(ledger, height));
  const std::lock_guard lock(mutex_);
  blocks_.push_front(block);
  if (blocks_.size() > kKeptBlocks) blocks_.pop_back();
  return block;
}

Result<std::shared_ptr<const EventPlaces::Block>> EventPlaces::read(const ledger::Ledger& ledger,
                                                                    std::uint64_t height) const {
  ASSIGN_OR_RETURN(const wire::StoredBlock stored, ledger.block(height));
  auto block = std::make_shared<Block>();
  block->height = height;
  const std::uint64_t first = stored.header().first_leaf();
  for (std::uint64_t leaf = first; leaf < first + stored.header().count(); ++leaf) {
    ASSIGN_OR_RETURN(const wire::Entry entry, ledger.entry(leaf));
    wire::Transaction transaction;
    wire::Body body;
    if (!transaction.ParseFromString(entry.transaction()) || !body.ParseFromString(transaction.body())) {
      return fail(Reason::kCorrupt, fmt::format("entry {} does not decode", leaf));
    }
    for (const wire::Event& event : entry.events()) {
      if (!event.name().starts_with(name_) || event.call() >= static_cast<std::uint32_t>(body.calls_size())) continue;
      if (body.calls(static_cast<int>(event.call())).contract() != contract_) continue;
      block->leaf_of_subject.emplace(event.subject(), leaf);
    }
  }
  return block;
}

}  // namespace chancery::node
