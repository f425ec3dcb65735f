"""src/run_scenario.py against a stand-in for the program, and once for real.

usage: run_scenario_test.py SCENARIO-LAB
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "src" / "run_scenario.py"
REAL = sys.argv.pop(1) if len(sys.argv) > 1 else ""

STAND_IN = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "paths":
    print(json.dumps({"paths": [{"path": "turns", "value": "5"}]}))
    sys.exit(0)
print(os.environ.get("RESULT", ""))
sys.exit(int(os.environ.get("EXIT", "0")))
"""


def result(**changes):
    return json.dumps({
        "run_id": "r-0f2c9e1122334455", "scenario": "ferry",
        "status": "completed", "reason": None, "simulated": False,
        "turns_completed": 5, "calls": {},
        "cost": {"settled": "0.0123", "unknown": "0", "reserved": "0",
                 "limit": None},
        "output": "output/ferry/run-001", **changes})


class RunScenario(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.stand_in = self.folder / "stand-in"
        self.stand_in.write_text(STAND_IN)
        self.stand_in.chmod(0o755)
        self.log = self.folder / "log"

    def run_script(self, *words, **variables):
        environment = {**os.environ, "SCENARIO_LAB": str(self.stand_in),
                       "LOG": str(self.log), "RESULT": result(), **variables}
        environment.pop("SCENARIO_LAB_OUTPUT", None)
        return subprocess.run([sys.executable, str(SCRIPT), *words],
                              cwd=self.folder, env=environment, text=True,
                              capture_output=True, check=False)

    def asked(self):
        """The words of the last command."""
        return json.loads(self.log.read_text().splitlines()[-1])

    def make_run(self, path, run="r-1111222233334444"):
        folder = self.folder / path
        folder.mkdir(parents=True)
        (folder / "state.json").write_text(json.dumps({"run_id": run}))

    def test_a_new_run_gets_the_same_words(self):
        ended = self.run_script("scenarios/ferry", "--credit-limit", "1.50",
                                "-o", "there")

        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.asked(),
                         ["run", "--json", "scenarios/ferry", "--credit-limit",
                          "1.50", "--output", "there"])
        self.assertIn("Status: completed\n", ended.stdout)
        self.assertIn("Total cost: $0.0123\n", ended.stdout)
        self.assertIn("Output: output/ferry/run-001", ended.stdout)

    def test_max_turns_shortens_a_scenario_and_never_lengthens_it(self):
        self.run_script("ferry", "--max-turns", "3")
        self.assertEqual(self.asked()[-2:], ["--end-turn", "3"])

        self.run_script("ferry", "--max-turns", "9")
        self.assertEqual(self.asked()[-2:], ["--end-turn", "5"])

    def test_a_run_is_resumed_by_its_folder_its_number_or_its_id(self):
        self.make_run("output/ferry/run-003")
        for word in ("output/ferry/run-003", "output/ferry/run-003/", "run-003",
                     "r-1111222233334444"):
            with self.subTest(word):
                ended = self.run_script("--resume", word, "--max-turns", "4")
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertEqual(self.asked(),
                                 ["run", "--json", "--resume",
                                  "r-1111222233334444", "--end-turn", "4"])

    def test_a_branch_finds_its_source_by_number(self):
        self.make_run("output/ferry/run-003")

        ended = self.run_script("--branch-from", "run-003", "--branch-at-turn",
                                "2")

        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.asked(),
                         ["run", "--json", "--branch-from",
                          "r-1111222233334444", "--branch-at-turn", "2"])

    def test_a_number_that_two_scenarios_have_needs_the_scenario(self):
        self.make_run("output/ferry/run-003")
        self.make_run("output/port/run-003", "r-9999999999999999")

        ended = self.run_script("--resume", "run-003")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("output/ferry/run-003 or output/port/run-003",
                      ended.stderr)
        self.assertFalse(self.log.exists())

        self.run_script("scenarios/port", "--resume", "run-003")
        self.assertIn("r-9999999999999999", self.asked())

    def test_what_can_go_on_is_no_failure_and_says_how(self):
        for code in ("5", "75"):
            with self.subTest(code):
                ended = self.run_script(
                    "ferry", EXIT=code,
                    RESULT=result(status="halted", reason="credit_limit"))
                self.assertEqual(ended.returncode, 0)
                self.assertIn("Status: halted (credit_limit)", ended.stdout)
                self.assertIn("--resume output/ferry/run-001", ended.stdout)

    def test_failures_end_with_one_and_usage_with_two(self):
        for code, expected in (("1", 1), ("3", 1), ("4", 1), ("6", 1),
                               ("7", 1), ("70", 1), ("74", 1), ("2", 2),
                               ("130", 130), ("143", 143)):
            with self.subTest(code):
                ended = self.run_script("ferry", EXIT=code, RESULT="")
                self.assertEqual(ended.returncode, expected)

    def test_words_that_do_not_fit_are_refused_before_anything_runs(self):
        for words in ((), ("--branch-from", "run-001"),
                      ("--branch-at-turn", "2", "ferry"),
                      ("--resume", "a", "--branch-from", "b",
                       "--branch-at-turn", "1"),
                      ("ferry", "--max-turns", "0"), ("ferry", "--no-such")):
            with self.subTest(words):
                self.assertEqual(self.run_script(*words).returncode, 2)
                self.assertFalse(self.log.exists())

    def test_a_run_of_the_python_version_is_told_apart(self):
        folder = self.folder / "output/ferry/run-001"
        folder.mkdir(parents=True)
        (folder / "scenario-state.json").write_text("{}")

        ended = self.run_script("--resume", str(folder))

        self.assertEqual(ended.returncode, 1)
        self.assertIn("Python version", ended.stderr)

    def test_simulated_costs_are_not_told_as_money(self):
        ended = self.run_script("ferry", RESULT=result(simulated=True))

        self.assertIn("Simulated cost: $0.0123", ended.stdout)
        self.assertNotIn("Total cost", ended.stdout)

    def test_it_stays_a_thin_wrapper(self):
        self.assertLess(len(SCRIPT.read_text().splitlines()), 200)

    @unittest.skipUnless(REAL, "the program is not given")
    def test_the_real_program_understands_it(self):
        scenario = ROOT / "scenarios" / "harbour-minimal"

        ended = self.run_script(str(scenario), "--max-turns", "1", "-o", "here",
                                SCENARIO_LAB=REAL)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("Turns completed: 1\n", ended.stdout)
        self.assertIn("Simulated cost", ended.stdout)
        self.assertTrue((self.folder / "here/world-state-001.md").is_file())

        again = self.run_script("--resume", "here", SCENARIO_LAB=REAL)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("Status: completed\n", again.stdout)


if __name__ == "__main__":
    unittest.main()
