#!/usr/bin/env python3
"""Who may include whom, who may start threads, and who may look at the clock.

Three sources must agree: the table below (docs: the layers of the architecture), the NEEDS of each folder's
CMakeLists.txt, and the #include lines. Prints one line a breach and "N passed, N failed" at the end (one check a
source file and one a folder); exit code 1 on a breach.

usage: tools/check_layers.py [--root DIR]
"""

import argparse
import re
import sys
from pathlib import Path

# The order in which a transaction travels. What a folder names here it may include, and everything below that.
LAYERS = {
    "base": [],
    "crypto": ["base"],
    "merkle": ["crypto"],
    "storage": ["crypto"],
    "ledger": ["merkle", "storage"],
    "contracts": ["ledger"],
    "consensus": ["ledger"],
    "documents": ["crypto"],
    "packs": ["contracts"],
    "readmodel": ["contracts"],
    "node": ["contracts", "consensus", "documents", "packs", "readmodel"],
    "api": ["node"],
    "cli": ["api", "ledger"],
}

# A contract sees the ledger only through its Context: this header and whatever that includes itself.
CONTRACT_DOOR = "ledger/context.h"
# Besides that, functions of bytes alone: commitments and batches of deposits are small Merkle trees of their own.
CONTRACT_ARITHMETIC = {"merkle/inclusion.h", "merkle/merkle_batch.h"}

# Threads are started only in these folders and files; everything else is called by whoever owns the thread.
THREAD_FOLDERS = {"node", "consensus", "api"}
THREAD_FILES = {
    # Start-up hashes a million records a second on a second core while the first one scans; it has ended when open() returns.
    "ledger/versioned_state.cpp",
}
THREADS = re.compile(r"\bstd::(jthread|thread|async)\b(?!::(hardware_concurrency|id))")

# What every replica must compute alike may not ask the machine.
DETERMINISTIC_FOLDERS = {"ledger", "contracts"}
NONDETERMINISM = re.compile(
    r"\b(std::chrono::(system|steady|high_resolution)_clock|SystemClock|SystemRandom|std::random_device|std::rand\b"
    r"|std::mt19937|gettimeofday|clock_gettime|getrandom|std::time\b|time\(nullptr\)|time\(NULL\)|std::locale\b|getenv)"
)

LONGEST_FILE_LINES = 400

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
NEEDS = re.compile(r"chancery_library\(\s*(\w+)(.*?)\)", re.S)
KEYWORDS = {"NEEDS", "LINKS", "PCH", "TEST_LINKS"}


def closure(table):
    """Each folder with everything that it reaches."""
    reach = {}

    def visit(folder):
        if folder not in reach:
            reach[folder] = set()
            for need in table.get(folder, []):
                reach[folder] |= {need} | visit(need)
        return reach[folder]

    for folder in table:
        visit(folder)
    return reach


def declared_needs(cmake_text):
    """The NEEDS of the folder's chancery_library call; None without one."""
    call = NEEDS.search(cmake_text)
    if not call:
        return None
    needs, keyword = [], None
    for word in call.group(2).split():
        if word in KEYWORDS:
            keyword = word
        elif keyword == "NEEDS":
            needs.append(word)
    return needs


def ledger_headers_of_contracts(src):
    """CONTRACT_DOOR and the ledger headers that it includes, directly or not."""
    allowed, waiting = set(), [CONTRACT_DOOR]
    while waiting:
        header = waiting.pop()
        if header in allowed:
            continue
        allowed.add(header)
        path = src / header
        if path.exists():
            waiting += [h for h in INCLUDE.findall(path.read_text("utf-8")) if h.startswith("ledger/")]
    return allowed


def check(root):
    """Returns (breaches, warnings, number of things checked)."""
    src = root / "src"
    breaches, warnings, checked = [], [], 0
    allowed = closure(LAYERS)
    declared = {}

    for folder in sorted(p.name for p in src.iterdir() if p.is_dir()):
        listing = src / folder / "CMakeLists.txt"
        if folder not in LAYERS:
            breaches.append(f"src/{folder}: no such layer; put it into LAYERS of tools/check_layers.py or elsewhere")
            continue
        if not listing.exists():
            continue
        checked += 1
        needs = declared_needs(listing.read_text("utf-8")) or []
        declared[folder] = needs
        for need in needs:
            if need not in LAYERS:
                breaches.append(f"src/{folder}/CMakeLists.txt: NEEDS {need}, which is no layer")
            elif need not in allowed[folder]:
                breaches.append(f"src/{folder}/CMakeLists.txt: NEEDS {need}, which stands above or beside {folder}")
    reach = closure(declared)
    door = ledger_headers_of_contracts(src) | CONTRACT_ARITHMETIC

    for path in sorted(src.rglob("*")):
        if path.suffix not in {".h", ".cpp", ".def", ".inc"} or not path.is_file():
            continue
        checked += 1
        name = path.relative_to(root)
        folder = path.relative_to(src).parts[0]
        text = path.read_text("utf-8")
        is_test = path.name.endswith("_test.cpp") or "testing" in name.parts
        for header in INCLUDE.findall(text):
            other = header.split("/")[0]
            if other == folder or other not in LAYERS:
                continue
            if other not in allowed.get(folder, set()):
                breaches.append(f'{name}: includes "{header}", but {folder} may not know {other}')
            elif other not in reach.get(folder, set()):
                breaches.append(f'{name}: includes "{header}", but NEEDS of src/{folder}/CMakeLists.txt lacks {other}')
            elif folder == "contracts" and not is_test and other in {"ledger", "storage", "merkle"} and header not in door:
                breaches.append(f'{name}: includes "{header}"; a contract knows the ledger through {CONTRACT_DOOR} only')
        code = COMMENT.sub("", text)
        if not is_test:
            may_start_threads = folder in THREAD_FOLDERS or path.relative_to(src).as_posix() in THREAD_FILES
            if not may_start_threads and (found := THREADS.search(code)):
                breaches.append(f"{name}: {found.group(0)}; threads start only in {', '.join(sorted(THREAD_FOLDERS))}")
            if folder in DETERMINISTIC_FOLDERS and (found := NONDETERMINISM.search(code)):
                breaches.append(f"{name}: {found.group(0)}; {folder} must compute the same on every node")
        lines = text.count("\n")
        if lines > LONGEST_FILE_LINES and path.suffix in {".h", ".cpp"}:
            warnings.append(f"{name}: {lines} lines; beyond {LONGEST_FILE_LINES} ask whether it is two subjects")
    return breaches, warnings, checked


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    breaches, warnings, checked = check(parser.parse_args().root)
    for line in warnings:
        print(f"note: {line}")
    for line in breaches:
        print(f"layers: {line}")
    failed = len({line.split(":")[0] for line in breaches})
    print(f"{checked - failed} passed, {failed} failed")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
