"""`python -m bench [--rounds N]`: prints every figure."""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench.commands import rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    for row in rows(rounds):
        print(
            f"{row.what}: {row.ours:.3f} s / {row.theirs:.3f} s ="
            f" {row.ours / row.theirs:.2f} (bar {row.bar})",
            flush=True,
        )
    for module in (
        "resolving", "changing", "imports", "feeds", "editing", "serving", "alerting", "workers",
        "pages",
    ):  # fmt: skip
        subprocess.run((sys.executable, "-m", f"bench.{module}"), check=True)


if __name__ == "__main__":
    main()
