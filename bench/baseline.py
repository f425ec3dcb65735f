"""Writes docs/performance-baseline from what the benchmarks printed.

usage: baseline.py FOLDER-OF-JSONL PAGE.md DATA.json
"""
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

HEAD = """# Performance baseline

Written by `./dev bench`. Absolute numbers belong to the machine named here;
ratios are what counts. A figure without an aim is a reference for others.

{where}

| Benchmark | What | Measured | Aim | Met |
|---|---|---|---|---|
"""


def command(*words: str) -> str:
    run = subprocess.run(words, capture_output=True, text=True)
    return run.stdout.strip() if run.returncode == 0 else "unknown"


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def number(value: float) -> str:
    """Three significant digits, thousands marked."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def row(figure: dict) -> str:
    met = {True: "yes", False: "**no**", None: ""}[figure.get("met")]
    return (f"| {figure['bench']} | {figure['what']} "
            f"| {number(figure['value'])} {figure['unit']} "
            f"| {figure.get('aim', '')} | {met} |\n")


def main() -> int:
    folder, page, data = map(pathlib.Path, sys.argv[1:])
    figures = [json.loads(line) for path in sorted(folder.glob("*.jsonl"))
               for line in path.read_text().splitlines() if line]
    if not figures:
        print("the benchmarks printed nothing", file=sys.stderr)
        return 1
    machine = {"processor": processor(), "cores": os.cpu_count(),
               "compiler": command("c++", "-dumpfullversion"),
               "commit": command("git", "rev-parse", "--short", "HEAD"),
               "date": datetime.date.today().isoformat()}
    where = (f"{machine['processor']}, {machine['cores']} cores, "
             f"g++ {machine['compiler']}, commit {machine['commit']}, "
             f"{machine['date']}.")
    page.write_text(HEAD.format(where=where) + "".join(map(row, figures)))
    data.write_text(json.dumps({"machine": machine, "figures": figures},
                               indent=2) + "\n")
    return 0


sys.exit(main())
