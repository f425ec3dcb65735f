#!/usr/bin/env python3
"""Run a scenario as the first version's command did.

Takes that version's arguments, hands them to `scenario-lab` and says how the
run ended. The program is the one that SCENARIO_LAB names, else
build/scenario-lab beside this folder, else the one on PATH.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
# The first version ended with 0 whenever a run can go on, whatever stopped it.
RESUMABLE = {0: 0, 5: 0, 75: 0}
# These say the same in both.
KEPT = {2, 130, 143}


class Refusal(Exception):
    """What the user asked for cannot be done; the text says why."""


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="run_scenario.py", description="Run a multi-actor scenario.")
    parser.add_argument("scenario", nargs="?", help="folder of the scenario")
    parser.add_argument("-o", "--output", metavar="DIR",
                        help="folder for this run's files")
    parser.add_argument("--resume", metavar="RUN",
                        help="go on with a run: its folder, run-003 or its id")
    parser.add_argument("--branch-from", metavar="RUN",
                        help="start from a run's first turns")
    parser.add_argument("--branch-at-turn", metavar="N", type=int,
                        help="the last turn to keep; with --branch-from")
    parser.add_argument("--max-turns", metavar="N", type=int,
                        help="stop after this turn")
    parser.add_argument("--credit-limit", metavar="USD",
                        help="most that the run may cost")
    parser.add_argument("-v", "--verbose", action="store_true",
                        help="say which command is run")
    given = parser.parse_args(words)
    if given.resume and given.branch_from:
        parser.error("--resume and --branch-from exclude each other")
    if bool(given.branch_from) != (given.branch_at_turn is not None):
        parser.error("--branch-from and --branch-at-turn belong together")
    if not (given.scenario or given.resume or given.branch_from):
        parser.error("a scenario is needed, or --resume, or --branch-from")
    if given.max_turns is not None and given.max_turns < 1:
        parser.error("--max-turns counts from 1")
    return given


def program():
    named = os.environ.get("SCENARIO_LAB")
    if named:
        return named
    built = REPOSITORY / "build" / "scenario-lab"
    if built.is_file():
        return str(built)
    installed = shutil.which("scenario-lab")
    if installed:
        return installed
    raise Refusal("there is no scenario-lab yet; build it with: ./dev build")


def folders_named(name, scenario, output):
    """Where a run called run-003 may lie."""
    base = pathlib.Path(output or os.environ.get("SCENARIO_LAB_OUTPUT")
                        or "output")
    pattern = pathlib.Path(scenario).name if scenario else "*"
    found = sorted(base.glob(f"{pattern}/{name}"))
    return [folder for folder in found if folder.is_dir()]


def run_id(word, scenario=None, output=None):
    """The engine's id of a run that is named by folder, number or id."""
    folder = pathlib.Path(word)
    if not folder.is_dir():
        if "/" in word.rstrip("/"):
            raise Refusal(f"there is no folder {word}")
        if not word.startswith("run-"):
            return word
        found = folders_named(word, scenario, output)
        if not found:
            raise Refusal(f"no folder {word} lies below output/")
        if len(found) > 1:
            raise Refusal(f"{word} may be " + " or ".join(map(str, found))
                          + "; name the folder")
        folder = found[0]
    state = folder / "state.json"
    if not state.is_file():
        old = (folder / "scenario-state.json").is_file()
        raise Refusal(f"{folder} is a run of the Python version, whose replies "
                      "were not kept; start the scenario anew" if old
                      else f"{folder} holds no run: state.json is missing")
    try:
        return json.loads(state.read_text(encoding="utf-8"))["run_id"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{state} cannot be read") from None


def turns_of(binary, scenario):
    """How many turns the scenario has; nothing when it does not load."""
    asked = subprocess.run([binary, "paths", scenario, "--json"],
                           capture_output=True, text=True, check=False)
    try:
        paths = {one["path"]: one["value"]
                 for one in json.loads(asked.stdout)["paths"]}
        for key in ("turns", "num_turns", "scenario_length.turns"):
            if key in paths:
                return int(float(paths[key]))
    except (ValueError, KeyError, TypeError):
        pass
    return None


def command(given, binary):
    words = [binary, "run", "--json"]
    most = given.max_turns
    if given.resume:
        words += ["--resume", run_id(given.resume, given.scenario)]
    elif given.branch_from:
        words += ["--branch-from", run_id(given.branch_from, given.scenario),
                  "--branch-at-turn", str(given.branch_at_turn)]
    else:
        words.append(given.scenario)
        # It never made a scenario longer.
        turns = turns_of(binary, given.scenario) if most else None
        most = min(most, turns) if turns else most
    if most:
        words += ["--end-turn", str(most)]
    if given.credit_limit:
        words += ["--credit-limit", given.credit_limit]
    if given.output:
        words += ["--output", given.output]
    return words


def report(result):
    cost = result["cost"]
    lines = [f"Scenario: {result['scenario']}",
             f"Status: {result['status']}"
             + (f" ({result['reason']})" if result.get("reason") else ""),
             f"Turns completed: {result['turns_completed']}",
             ("Simulated cost: " if result.get("simulated")
              else "Total cost: ") + f"${cost['settled']}"]
    if cost["unknown"] not in ("0", "0.00"):
        lines.append(f"May have been billed too: ${cost['unknown']}")
    lines.append(f"Output: {result['output']}")
    if result["status"] in ("halted", "paused"):
        lines.append("To go on: python src/run_scenario.py --resume "
                     + result["output"])
    return "\n".join(lines)


def main(words):
    given = arguments(words)
    try:
        asked = command(given, program())
        if given.verbose:
            print("+ " + " ".join(asked), file=sys.stderr)
        ended = subprocess.run(asked, stdout=subprocess.PIPE, text=True,
                               check=False)
    except (Refusal, OSError) as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1
    try:
        result = json.loads(ended.stdout)
        if "run_id" in result:
            print(report(result))
    except (ValueError, KeyError, TypeError):
        pass  # the program has said on stderr what went wrong
    if ended.returncode in KEPT:
        return ended.returncode
    return RESUMABLE.get(ended.returncode, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
