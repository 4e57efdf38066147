#!/usr/bin/env python3
"""Prints the bill of materials as CycloneDX 1.5 JSON: the Debian packages of tools/packages.txt with the versions that
are installed, the wheels of tools/ipp-crypto.requirements.txt with their hashes, and the Go modules inside cometbft.

    packaging/make_sbom.py [COMETBFT]     COMETBFT is read by `go version -m`; left out when it is not there
"""
import json
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent


def pinned_packages():
    for line in (root / "tools/packages.txt").read_text().splitlines():
        fields = line.split("#")[0].split()
        if fields:
            yield fields[0], fields[1]


def installed(package):
    answer = subprocess.run(["dpkg-query", "-W", "-f", "${Version} ${Architecture}", package], capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"sbom: {package} of tools/packages.txt is not installed")
    return answer.stdout.split()


def debian():
    for package, pinned in pinned_packages():
        version, architecture = installed(package)
        if not version.startswith(pinned):
            sys.exit(f"sbom: {package} is {version}, pinned {pinned}")
        purl = f"pkg:deb/debian/{package}@{version.replace(':', '%3A')}?arch={architecture}&distro=bookworm"
        yield {"type": "library", "bom-ref": purl, "name": package, "version": version, "purl": purl}


def wheels():
    text = (root / "tools/ipp-crypto.requirements.txt").read_text().replace("\\\n", " ")
    for name, version, rest in re.findall(r"^([A-Za-z0-9_-]+)==([^\s;]+)(.*)$", text, re.M):
        purl = f"pkg:pypi/{name}@{version}"
        hashes = [{"alg": "SHA-256", "content": value} for value in re.findall(r"sha256:([0-9a-f]{64})", rest)]
        yield {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}


def go_modules(program):
    answer = subprocess.run(["go", "version", "-m", program], capture_output=True, text=True, check=True)
    for line in answer.stdout.splitlines():
        fields = line.split()
        if len(fields) >= 3 and fields[0] in ("mod", "dep", "=>"):
            purl = f"pkg:golang/{fields[1]}@{fields[2].replace('+', '%2B')}"
            kind = "application" if fields[0] == "mod" else "library"
            yield {"type": kind, "bom-ref": purl, "name": fields[1], "version": fields[2], "purl": purl}


version = re.search(r"project\(chancery VERSION ([0-9.]+)", (root / "CMakeLists.txt").read_text())[1]
components = list(debian()) + list(wheels())
if len(sys.argv) > 1:
    components += go_modules(sys.argv[1])
components = list({each["bom-ref"]: each for each in components}.values())
main = {"type": "application", "bom-ref": "chancery", "name": "chancery", "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}]}
print(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": main},
                  "components": components,
                  "dependencies": [{"ref": "chancery", "dependsOn": [each["bom-ref"] for each in components]}]}, indent=1))
