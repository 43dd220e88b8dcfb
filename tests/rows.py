"""Tables of cases as one test: a row costs what it checks, and not what pytest costs a test."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from textwrap import indent
from typing import Any

import pytest

Test = Callable[..., None]


def rows(
    names: str | Sequence[str], values: Iterable[Any], ids: Callable[[Any], object] = repr
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but all rows are one test, which tells each row that fails.

    For what leaves nothing behind: the rows share the test's fixtures. Where a row needs a folder of
    its own, or takes a second, `parametrize` is the right one.
    """
    parameters = names.replace(",", " ").split() if isinstance(names, str) else list(names)
    cases = [(value,) if len(parameters) == 1 else tuple(value) for value in values]

    def as_one_test(test: Test) -> Test:
        signature = inspect.signature(test)

        @wraps(test)
        def try_each_row(**fixtures: object) -> None:
            faults = []
            for case in cases:
                try:
                    test(**fixtures, **dict(zip(parameters, case, strict=True)))
                except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001 - told below
                    name = ids(case[0] if len(parameters) == 1 else case)
                    faults.append(f"{name}\n{indent(_told(fault, test), '    ')}")
            if faults:
                pytest.fail(
                    "\n".join([f"{len(faults)} of {len(cases)} rows:", *faults]), pytrace=False
                )

        rest = [value for name, value in signature.parameters.items() if name not in parameters]
        vars(try_each_row)["__signature__"] = signature.replace(parameters=rest)
        return try_each_row

    return as_one_test


def _told(fault: BaseException, test: Test) -> str:
    """What went wrong, and in which line of the test."""
    file = inspect.getsourcefile(test)
    frames = [
        frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename == file
    ]
    line = frames[-1].lineno if frames else "?"
    kind = "" if isinstance(fault, AssertionError) else f"{type(fault).__name__}: "
    return f"line {line}: {kind}{fault}"
