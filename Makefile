# The doors of this tree. `make run` and `make test` are all that a newcomer needs; each line says what it does.
.PHONY: run test bench soak format tidy check-layers fuzz install package package-offline arm64
SHELL := /bin/bash

run:  ## install what is missing, build, start a demo network of one node
	@tools/install.sh
	@echo "run: building chancery with $$(nproc) jobs; the first time takes about ten minutes on two cores"
	@tools/build.sh release chancery
	@echo "run: starting"
	@exec build/release/src/cli/chancery dev

test:  ## everything that CI runs
	@tools/install.sh --tests
	@tools/test.sh

bench:  ## speed and size, into build/bench.json
	@tools/install.sh
	@bench/run.sh

soak:  ## hours of load, faults and restarts
	@tools/install.sh
	@tools/soak.sh

format:  ## rewrite the sources in the one format
	@echo "format: clang-format over src, tests, bench"
	@tools/format.sh -i

tidy:  ## clang-tidy over every source file
	@tests/stages/25-tidy.sh

check-layers:  ## who may include whom
	@tools/check_layers.py

fuzz:  ## each fuzz target for 30 s (FUZZ_SECONDS=600 make fuzz for longer)
	@tests/stages/60-fuzz.sh

install:  ## only install
	@tools/install.sh --tests

package:  ## a Debian package, into build/package
	@tools/install.sh
	@tools/build.sh release chancery
	@packaging/make_deb.sh

package-offline: package  ## a tar for machines without a network: the package, what it needs, SBOM, checksums
	@packaging/make_bundle.sh

arm64:  ## cross-build the tests of base, crypto and merkle for ARM64 and run them under qemu
	@packaging/test_arm64.sh
