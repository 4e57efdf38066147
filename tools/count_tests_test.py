#!/usr/bin/env python3
"""The counter must lose no case: failed, skipped, crashed and foreign programs all count."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import count_tests

GTEST = """<testsuites><testsuite name="S">
<testcase name="A" status="run" result="completed" classname="S"/>
<testcase name="B" status="run" result="completed" classname="S">{failure}</testcase>
<testcase name="C" status="run" result="skipped" classname="S"><skipped message="no data folder"/></testcase>
<testcase name="D" status="notrun" result="suppressed" classname="S"/>
</testsuite></testsuites>"""


def count(ctest_cases, reports):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in reports.items():
            Path(folder, name).write_text(text, "utf-8")
        ctest = Path(folder, "ctest.xml")
        cases = "".join(f'<testcase name="{n}" status="{s}"/>' for n, s in ctest_cases)
        ctest.write_text(f"<testsuite>{cases}</testsuite>", "utf-8")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = count_tests.main(str(ctest), folder)
        return code, out.getvalue().splitlines()[-1]


class Counting(unittest.TestCase):
    def test_counts_cases_not_programs(self):
        self.assertEqual(count([("x", "run")], {"x_tests.xml": GTEST.format(failure="")}),
                         (0, "2 passed, 0 failed, 1 skipped"))

    def test_counts_a_failed_case(self):
        self.assertEqual(count([("x", "fail")], {"x_tests.xml": GTEST.format(failure="<failure/>")}),
                         (1, "1 passed, 1 failed, 1 skipped"))

    def test_counts_a_crash_without_a_report(self):
        self.assertEqual(count([("x", "fail")], {}), (1, "0 passed, 1 failed, 0 skipped"))

    def test_counts_a_crash_that_cut_the_report_off(self):
        self.assertEqual(count([("x", "fail")], {"x_tests.xml": GTEST[:80]}), (1, "0 passed, 1 failed, 0 skipped"))

    def test_counts_a_bad_end_after_good_cases(self):
        self.assertEqual(count([("x", "fail")], {"x_tests.xml": GTEST.format(failure="")}),
                         (1, "2 passed, 1 failed, 1 skipped"))

    def test_counts_a_program_that_is_no_gtest_as_one(self):
        self.assertEqual(count([("script", "run")], {}), (0, "1 passed, 0 failed, 0 skipped"))


if __name__ == "__main__":
    unittest.main()
