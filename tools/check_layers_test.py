#!/usr/bin/env python3
"""The layer check must see each kind of breach, and nothing where there is none."""

import tempfile
import unittest
from pathlib import Path

import check_layers


def tree(files):
    """A folder with the given {path: text}, and its check."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            path = root / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return check_layers.check(root)


SOUND = {
    "base/CMakeLists.txt": "chancery_library(base LINKS fmt::fmt)",
    "base/bytes.h": "#pragma once\n",
    "crypto/CMakeLists.txt": "chancery_library(crypto NEEDS base LINKS OpenSSL::Crypto)",
    "crypto/hash.h": '#include "base/bytes.h"\n',
    "merkle/CMakeLists.txt": "chancery_library(merkle NEEDS crypto)",
    "merkle/tree.cpp": '#include "crypto/hash.h"\n#include "base/bytes.h"\n#include "merkle/tree.h"\n',
    "storage/CMakeLists.txt": "chancery_library(storage NEEDS crypto)",
    "ledger/CMakeLists.txt": "chancery_library(ledger NEEDS merkle storage LINKS chancery_proto)",
    "ledger/context.h": '#include "ledger/record.h"\n',
    "ledger/record.h": "",
    "ledger/executor.h": "",
    "contracts/CMakeLists.txt": "chancery_library(contracts NEEDS ledger)",
    "contracts/identity/contract.cpp": '#include "ledger/context.h"\n#include "ledger/record.h"\n',
}


class Layers(unittest.TestCase):
    def breaches(self, more):
        return tree({**SOUND, **more})[0]

    def test_accepts_includes_that_go_down(self):
        self.assertEqual(self.breaches({}), [])

    def test_refuses_an_include_that_goes_up(self):
        self.assertIn("base may not know crypto", self.breaches({"base/x.h": '#include "crypto/hash.h"\n'})[0])

    def test_refuses_an_include_that_needs_does_not_name(self):
        found = self.breaches({"storage/CMakeLists.txt": "chancery_library(storage NEEDS base)",
                               "storage/store.cpp": '#include "crypto/hash.h"\n'})
        self.assertIn("lacks crypto", found[0])

    def test_refuses_needs_that_the_table_does_not_allow(self):
        self.assertIn("above or beside", self.breaches({"base/CMakeLists.txt": "chancery_library(base NEEDS crypto)"})[0])

    def test_refuses_a_folder_that_is_no_layer(self):
        self.assertIn("no such layer", self.breaches({"utils/x.h": ""})[0])

    def test_lets_a_contract_see_the_context_only(self):
        found = self.breaches({"contracts/case/contract.cpp": '#include "ledger/executor.h"\n'})
        self.assertIn("ledger/context.h only", found[0])

    def test_lets_a_contract_test_see_the_executor(self):
        self.assertEqual(self.breaches({"contracts/case/contract_test.cpp": '#include "ledger/executor.h"\n'}), [])

    def test_refuses_threads_below_the_node(self):
        self.assertIn("std::jthread", self.breaches({"merkle/a.cpp": "std::jthread worker;\n"})[0])

    def test_lets_a_named_file_start_a_thread_and_its_neighbour_not(self):
        task = "auto task = std::async(hash_all);\n"
        self.assertEqual(self.breaches({"ledger/versioned_state.cpp": task}), [])
        self.assertIn("std::async", self.breaches({"ledger/other_state.cpp": task})[0])

    def test_ignores_comments(self):
        self.assertEqual(self.breaches({"merkle/a.cpp": "// no std::thread here\n/* std::thread */\n"}), [])

    def test_refuses_the_machine_clock_in_a_contract(self):
        found = self.breaches({"contracts/case/contract.cpp": "auto t = std::chrono::system_clock::now();\n"})
        self.assertIn("must compute the same", found[0])

    def test_reports_long_files_without_failing(self):
        breaches, warnings, _ = tree({**SOUND, "base/long.cpp": "\n" * 401})
        self.assertEqual(breaches, [])
        self.assertIn("401 lines", warnings[0])


if __name__ == "__main__":
    unittest.main()
