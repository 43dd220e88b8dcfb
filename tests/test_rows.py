"""A table that is one test tells each row that fails, as as many tests would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rows import rows


def test_each_row_that_fails_is_told_with_what_is_wrong_of_it() -> None:
    tried = []

    @rows("number, half", [(2, 1), (3, 1), (4, 2), (0, 0)])
    def halves(number: int, half: int) -> None:
        tried.append(number)
        assert number == 2 * half
        assert number // half == 2

    with pytest.raises(pytest.fail.Exception) as failed:
        halves()

    assert tried == [2, 3, 4, 0]
    text = str(failed.value)
    assert text.startswith("2 of 4 rows:\n(3, 1)\n    line ")
    assert "assert 3 == (2 * 1)" in text
    assert "\n(0, 0)\n    line " in text
    assert "ZeroDivisionError: " in text


@rows("name", ["a", "b"])
def test_a_row_has_the_fixtures_of_its_test(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch(exist_ok=False)

    assert tmp_path.is_dir()
