"""Lets schemathesis explore the document against a demo node: as nobody and as a clerk. Counts test cases and failures.
usage: explore.py PROGRAM DIRECTORY EXAMPLES"""
import json
import os
import pathlib
import re
import subprocess
import sys

from demo_node import DemoNode

# positive_data_acceptance is left out: whether a well-formed request is accepted depends on the ledger's state.
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
          "response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth")


def explore(node, directory, examples, account):
    name = account or "nobody"
    # One worker: the ast module of Debian's Python 3.11.2 can fail with a SystemError when threads parse (CPython gh-106905).
    command = [str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", node.address + "/openapi.json",
               "--checks", CHECKS, "--max-examples", examples, "--workers", "1", "--phases", "examples,coverage,fuzzing",
               "--continue-on-failure", "--generation-database", "none", "--seed", "1", "--request-timeout", "30",
               "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson", "--report-dir", str(directory / name),
               # An event stream never ends, and a session that ends itself can't explore further.
               "--exclude-operation-id", "streamEvents", "--exclude-operation-id", "logout"]
    if account:
        command += ["-H", "Authorization: Bearer " + node.token(account)]
    (directory / name).mkdir(parents=True, exist_ok=True)
    hooks = {**os.environ, "SCHEMATHESIS_HOOKS": "media_types", "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=hooks, timeout=1500)
    (directory / f"{name}.txt").write_text(done.stdout)
    cases = re.search(r"(\d+) generated", done.stdout)
    unique = re.search(r"found (\d+) unique failures", done.stdout)
    failures = int(unique.group(1)) if unique else (0 if done.returncode == 0 else 1)
    print(f"api: schemathesis as {name}: {cases.group(1) if cases else '?'} cases, {failures} failures (exit {done.returncode})")
    if failures:
        for title in sorted(set(re.findall(r"^ *- (?!Reproduce|NDJSON)(.+)$", done.stdout, re.M))):
            print("FAIL", name, title)
    return int(cases.group(1)) if cases else 0, failures


def main():
    program, directory, examples = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    directory.parent.mkdir(parents=True, exist_ok=True)
    node = DemoNode(program, str(directory))
    try:
        clerk = node.facts["clerks"][0]["account"]
        results = [explore(node, directory.parent / "schemathesis", examples, account) for account in (None, clerk)]
        alive = node.call("GET", "/readyz").status == 200
        print("api: the node is", "ready" if alive else "not ready", "afterwards")
        cases, failures = sum(r[0] for r in results), sum(r[1] for r in results) + (not alive)
        print(f"{max(cases - failures, 0)} passed, {failures} failed")
        return 1 if failures else 0
    finally:
        node.stop()


sys.exit(main())
