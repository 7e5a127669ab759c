"""tools/run_tests.py: what counts as failed, as unsteady and as skipped."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools"))

import run_tests  # noqa: E402

DOCTEST = "[doctest] test cases:  5 |  %d passed | %d failed | 2 skipped"
QUIET = "onlooker:system+needs-quiet-machine / viewers"
STEADY = "onlooker:unit / unit-http"


def result(verdict, text=""):
    return {"result": verdict, "stdout": text}


class CountTest(unittest.TestCase):
    def test_doctest_says_how_many_cases_it_ran(self):
        self.assertEqual(run_tests.count(result("FAIL", DOCTEST % (3, 2))), (3, 2, 2))

    def test_unittest_says_how_many_cases_it_ran(self):
        text = "Ran 9 tests in 1.0s\n\nFAILED (failures=1, errors=2, skipped=3)\n"
        self.assertEqual(run_tests.count(result("FAIL", text)), (3, 3, 3))
        self.assertEqual(run_tests.count(result("OK", "Ran 1 test in 0.1s\n\nOK\n")), (1, 0, 0))

    def test_a_program_that_says_nothing_counts_as_one(self):
        self.assertEqual(run_tests.count(result("OK")), (1, 0, 0))
        self.assertEqual(run_tests.count(result("TIMEOUT")), (0, 1, 0))
        self.assertEqual(run_tests.count(result("SKIP")), (0, 0, 1))

    def test_a_program_that_dies_after_its_cases_has_failed(self):
        self.assertEqual(run_tests.count(result("FAIL", DOCTEST % (3, 0))), (3, 1, 2))


class RepeatTest(unittest.TestCase):
    def test_only_what_needs_a_quiet_machine_is_repeated(self):
        tests = {QUIET: result("FAIL"), STEADY: result("FAIL"), "plain": result("FAIL")}
        self.assertEqual(run_tests.to_repeat(tests), ["viewers"])

    def test_what_passed_or_was_skipped_is_not_repeated(self):
        self.assertEqual(run_tests.to_repeat({QUIET: result("OK")}), [])
        self.assertEqual(run_tests.to_repeat({QUIET: result("SKIP")}), [])

    def test_a_report_of_a_sanitizer_is_a_failure_at_once(self):
        for text in ("WARNING: ThreadSanitizer: data race (pid=1)", "==1==ERROR: AddressSanitizer: heap-use",
                     "x.cpp:3:4: runtime error: signed integer overflow"):
            self.assertEqual(run_tests.to_repeat({QUIET: result("FAIL", text)}), [], text)


class ReportTest(unittest.TestCase):
    def test_a_test_that_passes_at_the_second_try_is_passed_and_unsteady(self):
        self.assertEqual(run_tests.report({QUIET: result("FAIL"), STEADY: result("OK")},
                                          {QUIET: result("OK")}),
                         (["unsteady: viewers", "count: 2 0 0"], True))

    def test_a_test_that_fails_twice_is_one_failure(self):
        self.assertEqual(run_tests.report({QUIET: result("FAIL")}, {QUIET: result("FAIL")}),
                         (["failed twice: viewers", "count: 0 1 0"], False))

    def test_a_test_that_is_not_repeated_has_failed(self):
        self.assertEqual(run_tests.report({STEADY: result("FAIL", DOCTEST % (3, 1))}, {}),
                         (["count: 3 1 2"], False))

    def test_each_reason_to_skip_is_told_once(self):
        text = "skipped: no camera here\nskipped: no camera here\n"
        self.assertEqual(run_tests.report({STEADY: result("SKIP", text)}, {}),
                         (["skipped: %s: no camera here" % STEADY, "count: 0 0 1"], True))

    def test_no_result_at_all_is_a_failure(self):
        self.assertEqual(run_tests.report({}, {}), (["count: 0 1 0"], False))


if __name__ == "__main__":
    unittest.main()
