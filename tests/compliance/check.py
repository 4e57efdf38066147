#!/usr/bin/env python3
"""A row of docs/compliance whose state is "met" names, in backticks, a test that shows it, and every named test exists.

A name is a stage of tests/stages without its number (`bit-flips`), or a unit test (`SessionsTest.EndsAfterAnIdleHalfHour`).
Any other row says why in its last column, and a row of unknown state is no row that could slip through.

    tests/compliance/check.py              the pages of docs/compliance
    tests/compliance/check.py DIRECTORY    other pages, against the same tests
    tests/compliance/check.py --self-test  rows that must be refused are
"""
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STATES = ("met", "partly", "not met", "does not apply")
HEADING = "| row | state |"


def known_tests():
    stages = {path.stem.split("-", 1)[1] for path in (ROOT / "tests/stages").glob("[0-9]*.sh")}
    units = set()
    for path in (ROOT / "src").rglob("*_test.cpp"):
        units |= {".".join(found) for found in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", path.read_text(), re.M)}
    return stages | units


def rows(page):
    """(line number, cells) of the tables that have a state."""
    inside = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        inside = line.startswith(HEADING) or inside and line.startswith("|")
        if inside and not line.startswith((HEADING, "|---")):
            yield number, [cell.strip() for cell in line.strip("|").split("|")]


def faults(cells, tests):
    if len(cells) != 3 or cells[1] not in STATES:
        return [f"not a row of three cells with one of the states {', '.join(STATES)}"]
    _, state, reason = cells
    names = re.findall(r"`([^`]+)`", reason)
    # Files stand in backticks too; no test has a slash in its name.
    named = [name for name in names if "/" not in name]
    found = [f"{name} is neither a stage nor a unit test" for name in named if name not in tests]
    if state == "met" and not any(name in tests for name in named):
        found.append("met, and no existing test is named")
    if not reason:
        found.append("no reason")
    return found


def examine(directory, tests, say=print):
    counts, wrong = dict.fromkeys(STATES, 0), 0
    for page in sorted(directory.glob("*.md")):
        for number, cells in rows(page):
            for fault in faults(cells, tests):
                say(f"{page.name}:{number}: {fault}")
                wrong += 1
            if len(cells) == 3 and cells[1] in STATES:
                counts[cells[1]] += 1
    say("compliance: " + ", ".join(f"{count} {state}" for state, count in counts.items()))
    return wrong == 0 and sum(counts.values()) > 0


def self_test(tests):
    good = sorted(tests)[0]
    for row, expected in ((f"| a | met | `{good}` |", True), ("| a | partly | because |", True), ("| a | met | because |", False),
                          ("| a | met | `NoTest.OfThisName` |", False), (f"| a | met | `{good}`, `no-such-stage` |", False),
                          ("| a | met | `docs/x.md` |", False), ("| a | not met | |", False), (f"| a | Met | `{good}` |", False),
                          ("| a | met |", False), ("", False)):
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "page.md").write_text(f"{HEADING} why |\n|---|---|---|\n{row}\n")
            if examine(pathlib.Path(directory), tests, lambda _: None) != expected:
                sys.exit(f"compliance: the row '{row}' should be {'taken' if expected else 'refused'}")
    print("compliance: the rows that must be refused are")


if sys.argv[1:] == ["--self-test"]:
    self_test(known_tests())
else:
    where = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/compliance"
    sys.exit(0 if examine(where, known_tests()) else 1)
