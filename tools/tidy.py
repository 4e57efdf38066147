#!/usr/bin/env python3
"""clang-tidy over every source file of src/ that is not a test, remembering what was clean.

Most of clang-tidy's time goes into the headers of others, so the files of a folder are read together, as one
translation unit of `#include` lines; files that cannot stand together (two anonymous namespaces with the same name in
them) are put apart. A file is skipped when nothing that it reads has changed since it was found clean: its
own bytes, those of every header of this tree, its compiler command, and .clang-tidy.
The last line is "N passed, N failed".

usage: tools/tidy.py BUILD_DIR
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
FINDING = re.compile(r"^(/[^:\n]+):\d+:\d+: (?:error|warning): ", re.M)
ERROR = re.compile(r"^(/[^:\n]+):\d+:\d+: error: ", re.M)
FILES_TOGETHER = 24


def headers_of(path, known):
    """The headers of this tree that the file includes, directly or not."""
    if path not in known:
        known[path] = set()
        for name in INCLUDE.findall(path.read_bytes()):
            header = ROOT / "src" / name.decode()
            if header.exists():
                known[path] |= {header} | headers_of(header, known)
    return known[path]


def flags_of(entry):
    """What matters of a compile command: definitions, include paths, the language; no launcher, output or PCH."""
    words = [w for w in shlex.split(entry["command"]) if w != "-Xclang"]
    start = next(i for i, w in enumerate(words) if os.path.basename(w).startswith("clang")) + 1
    kept, skip = [], False
    for word in words[start:]:
        if skip:
            skip = False
        elif word in {"-o", "-c", "-MT", "-MF", "-include-pch", "-include"}:
            skip = True
        elif word.startswith(("-I", "-D", "-std", "-isystem")) or (kept and kept[-1] == "-isystem"):
            kept.append(word)
    return kept


def fingerprint(path, flags, known):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    # Where the tree lies says nothing about the file.
    digest.update("\0".join(flags).replace(str(ROOT), ".").encode())
    for each in [path, *sorted(headers_of(path, known))]:
        digest.update(each.read_bytes())
    return digest.hexdigest()


def groups_of(files, flags):
    """Splits files with the same flags until each group compiles as one unit (a single file may fail to)."""
    unit = ROOT / "build" / "tidy" / f"{hashlib.sha256(str(files).encode()).hexdigest()[:16]}.cpp"
    unit.write_text("".join(f'#include "{f}"\n' for f in files), "utf-8")
    if len(files) > 1:
        run = subprocess.run(
            ["clang++-19", *flags, "-w", "-fsyntax-only", "-ferror-limit=0", "-fno-color-diagnostics", str(unit)],
            capture_output=True, text=True, check=False,
        )
        if run.returncode != 0:
            # Whoever comes second with a name is reported: those go into a group of their own.
            second = set(ERROR.findall(run.stderr))
            apart = [f for f in files if str(f) in second]
            together = [f for f in files if str(f) not in second]
            if not apart or not together:
                half = len(files) // 2
                together, apart = files[:half], files[half:]
            return groups_of(together, flags) + groups_of(apart, flags)
    return [(unit, files)]


def tidy(files, flags):
    """A list of (files, output, seconds) of the groups that these files were read in; empty output is clean."""
    results = []
    for unit, group in groups_of(files, flags):
        started = time.monotonic()
        run = subprocess.run(
            ["clang-tidy-19", f"--config-file={ROOT}/.clang-tidy", "--quiet", "--use-color=false", str(unit), "--", *flags,
             "-Wno-pragma-once-outside-header"],
            capture_output=True, text=True, cwd=ROOT, check=False,
        )
        output = run.stdout if run.returncode == 0 else run.stdout or run.stderr or "clang-tidy failed without a word"
        results.append((group, "" if run.returncode == 0 else output, time.monotonic() - started))
    return results


def main(build):
    clean = ROOT / "build" / "tidy-clean"
    clean.mkdir(parents=True, exist_ok=True)
    (ROOT / "build" / "tidy").mkdir(exist_ok=True)
    known, waiting, prints = {}, {}, {}
    for entry in json.loads((Path(build) / "compile_commands.json").read_text("utf-8")):
        path = Path(entry["file"])
        if not path.is_relative_to(ROOT / "src") or path.name.endswith("_test.cpp"):
            continue
        flags = flags_of(entry)
        prints[path] = fingerprint(path, flags, known)
        if not (clean / prints[path]).exists():
            folder = path.relative_to(ROOT / "src").parts[0]
            waiting.setdefault((folder, tuple(flags)), []).append(path)
    total = sum(len(files) for files in waiting.values())
    print(f"tidy: {total} of {len(prints)} files to look at", flush=True)

    batches = []
    for (_, flags), files in waiting.items():
        files.sort()
        batches += [(files[i:i + FILES_TOGETHER], flags) for i in range(0, len(files), FILES_TOGETHER)]
    failed = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for results in pool.map(lambda batch: tidy(*batch), batches):
            for files, output, seconds in results:
                names = [str(f.relative_to(ROOT)) for f in files]
                print(f"tidy: {seconds:4.0f} s for {len(files)} files from {names[0]}", flush=True)
                if output:
                    print(output, flush=True)
                    # A finding in a header, or one without a place, is held against the whole group.
                    blamed = set(FINDING.findall(output)) & {str(f) for f in files}
                    failed |= {f for f in files if not blamed or str(f) in blamed}
                else:
                    for file in files:
                        (clean / prints[file]).touch()
    print(f"{len(prints) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
