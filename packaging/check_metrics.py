#!/usr/bin/env python3
"""Every metric that the alert rules and the dashboard name is one that the program registers.

    packaging/check_metrics.py            against the source
    packaging/check_metrics.py --say      also which names are used
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
NAME = re.compile(r"\bchancery_[a-z_]+[a-z]\b")
REGISTERED = re.compile(r'(?:counter|gauge|histogram|show)\(\s*"(chancery_[a-z_]+)"')

registered = set()
for path in (root / "src").rglob("*.cpp"):
    if not path.name.endswith("_test.cpp"):
        registered |= set(REGISTERED.findall(path.read_text()))
wrong = 0
for relative in ("packaging/prometheus/chancery.rules.yml", "packaging/grafana/chancery.json"):
    names = set(NAME.findall(re.sub(r"#.*", "", (root / relative).read_text())))
    if not names:
        print(f"metrics: {relative} names no metric")
        wrong += 1
    for name in sorted(names):
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        if name not in registered and family not in registered:
            print(f"metrics: {relative}: the program has no {name}")
            wrong += 1
        elif "--say" in sys.argv:
            print(f"metrics: {relative}: {name}")
sys.exit(1 if wrong else 0)
