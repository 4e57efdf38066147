#include "packs/manifest/workflow_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace chancery::packs {

namespace {

using Names = std::set<std::string, std::less<>>;

/// `from` and whatever a transition leads to, again and again; backwards, whatever leads there.
Names closure(const RecordType& record, Names from, bool backwards) {
  for (bool grown = true; grown;) {
    grown = false;
    for (const Transition& transition : record.transitions) {
      for (const std::string& start : transition.from) {
        const std::string& known = backwards ? transition.to : start;
        const std::string& next = backwards ? start : transition.to;
        if (from.contains(known)) grown |= from.insert(next).second;
      }
    }
  }
  return from;
}

bool leaves(const RecordType& record, const std::string& state) {
  return std::ranges::any_of(record.transitions, [&](const Transition& transition) {
    return std::ranges::find(transition.from, state) != transition.from.end();
  });
}

}  // namespace

void check_workflow(YamlFile& file, const RecordType& record) {
  if (record.initial.empty()) return;
  Names ends;
  for (const auto& [name, state] : record.states) {
    if (state.final) ends.insert(name);
  }
  const Names reached = closure(record, {record.initial}, false);
  const Names ending = closure(record, ends, true);
  for (const auto& [name, state] : record.states) {
    if (!reached.contains(name)) {
      file.report(state.place,
                  {fmt::format("状态 {} 无法到达", name), fmt::format("the state {} can never be reached", name)},
                  {"请增加通向它的转换，或删去它", "Add a transition that leads to it, or remove it"});
    }
    const bool goes_on = leaves(record, name);
    if (state.final && goes_on) {
      file.report(state.place,
                  {fmt::format("终态 {} 仍有转换", name), fmt::format("the final state {} has a transition", name)},
                  {"请删去该转换，或去掉 final", "Remove the transition, or final"});
    } else if (!state.final && !goes_on) {
      file.report(state.place, {fmt::format("状态 {} 没有出口", name), fmt::format("the state {} has no exit", name)},
                  {"请增加从它出发的转换，或标为 final: true", "Add a transition from it, or mark it final: true"});
    } else if (!state.final && !ends.empty() && !ending.contains(name)) {
      file.report(
          state.place,
          {fmt::format("从状态 {} 到不了任何终态", name), fmt::format("no final state can be reached from {}", name)},
          {"请增加通向终态的转换", "Add a transition towards a final state"});
    }
  }
}

}  // namespace chancery::packs
