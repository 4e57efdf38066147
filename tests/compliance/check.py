#!/usr/bin/env python3
"""A row of docs/compliance whose state is "met" names, in backticks, what shows it, and all of that exists.

A name is a stage of tests/stages without its number (`bit-flips`), or a unit test (`SessionsTest.EndsAfterAnIdleHalfHour`).
Any other row says why in its last column.
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
STATES = ("met", "partly", "not met", "does not apply")
stages = {path.stem.split("-", 1)[1] for path in (root / "tests/stages").glob("[0-9]*.sh")}
tests = set()
for path in (root / "src").rglob("*_test.cpp"):
    tests |= {".".join(found) for found in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", path.read_text(), re.M)}

rows = wrong = 0
for page in sorted((root / "docs/compliance").glob("*.md")):
    for number, line in enumerate(page.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 3 or cells[1] not in STATES:
            continue
        rows += 1
        names = re.findall(r"`([^`]+)`", cells[2])
        unknown = [name for name in names if name not in stages and name not in tests]
        if cells[1] == "met" and not names:
            unknown = ["(nothing named)"]
        if not cells[2]:
            unknown = ["(no reason)"]
        for name in unknown:
            print(f"{page.relative_to(root)}:{number}: {name} is neither a stage nor a unit test")
            wrong += 1
print(f"compliance: {rows} rows")
sys.exit(1 if wrong or not rows else 0)
