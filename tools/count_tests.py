#!/usr/bin/env python3
"""Adds up single test cases from the XML files of GoogleTest and from ctest's own.

A program that left an XML file counts case by case; one that did not (another kind of test, or a crash) counts as
ctest saw it. Names the failed cases; the last line is "N passed, N failed, N skipped".

usage: tools/count_tests.py CTEST_XML GTEST_XML_DIR
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def cases_of_gtest(path):
    """(passed, skipped, names of the failed ones) of one program; None when the file is cut off."""
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError:
        return None
    passed, skipped, failed = 0, 0, []
    for case in root.iter("testcase"):
        if case.find("failure") is not None:
            failed.append(f"{case.get('classname')}.{case.get('name')}")
        elif case.get("result") == "skipped" or case.find("skipped") is not None:
            skipped += 1
            reason = case.find("skipped")
            text = (reason.get("message") or "").strip().splitlines() if reason is not None else []
            print(f"skipped: {case.get('classname')}.{case.get('name')}: {text[-1] if text else ''}")
        elif case.get("status") == "run":
            passed += 1
    return passed, skipped, failed


def main(ctest_xml, gtest_folder):
    passed = skipped = failed = 0
    for case in ET.parse(ctest_xml).getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        counts = None
        report = Path(gtest_folder) / f"{name}_tests.xml"
        if report.exists():
            counts = cases_of_gtest(report)
        if counts is None:
            counts = {"run": (1, 0, []), "fail": (0, 0, [name])}.get(status, (0, 1, []))
        elif status == "fail" and not counts[2]:
            counts = (counts[0], counts[1], [f"{name} (the program ended badly after its last case)"])
        for one in counts[2]:
            print(f"FAILED: {one}")
        passed, skipped, failed = passed + counts[0], skipped + counts[1], failed + len(counts[2])
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
