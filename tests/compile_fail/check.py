"""Runs a compiler on one file and compares what it says with what it should.

usage: check.py compiles|fails FILE COMPILER ARGUMENT...

A file that must fail names its reason in a comment:

    // refused: text that the compiler's message must contain
"""
import pathlib
import re
import subprocess
import sys


def main() -> int:
    expectation, path, *compiler = sys.argv[1:]
    run = subprocess.run(compiler + [path], capture_output=True, text=True,
                         env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if expectation == "compiles":
        if run.returncode != 0:
            print(f"{path} must compile:\n{run.stderr}")
        return run.returncode
    reason = re.search(r"^// refused: (.*)$", pathlib.Path(path).read_text(),
                       re.MULTILINE)
    if reason is None:
        print(f"{path} does not say why it is refused")
        return 1
    if run.returncode == 0:
        print(f"{path} compiles, so the rule it shows is no longer held")
        return 1
    if not re.search(reason[1], run.stderr):
        print(f"{path} is refused, but not because of '{reason[1]}':\n"
              f"{run.stderr}")
        return 1
    return 0


sys.exit(main())
