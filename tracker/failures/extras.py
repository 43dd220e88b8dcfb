"""What only some need is installed by an extra: where it is missing, what to install.

An extra is one of `[project.optional-dependencies]` in pyproject.toml. Its libraries are imported
where they are used, below `with libraries_of("import"):`, and nowhere at the head of a file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from typing import Literal, TypeAlias

from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.reasons import Reason
from tracker.i18n.shell_words import shell_word

Extra: TypeAlias = Literal["postgres", "services", "import", "sources", "picture", "lsp"]

#: What pipx and uv leave in the environment that they make for a program.
_PIPX, _UV_TOOL = "pipx_metadata.json", "uv-receipt.toml"


class MissingLibrariesError(ImportError):
    """Libraries of an extra are not installed; its diagnostic says which, and the command."""

    def __init__(self, extra: Extra) -> None:
        super().__init__(f"tracker[{extra}] is not installed")
        self.extra = extra
        values = {"libraries": ", ".join(_missing(extra)), "command": _command(extra)}
        self.diagnostic = Diagnostic("not-installed", values=tuple(values.items()))

    @property
    def reason(self) -> Reason:
        """The same, where something did not come about."""
        return Reason(self.diagnostic.case, values=self.diagnostic.values)


@contextmanager
def libraries_of(extra: Extra) -> Iterator[None]:
    """Where an import below it fails for want of a library, MissingLibrariesError is raised.

    >>> with libraries_of("services"):
    ...     import apprise_that_nobody_has
    Traceback (most recent call last):
    tracker.failures.extras.MissingLibrariesError: tracker[services] is not installed
    """
    try:
        yield
    except MissingLibrariesError:
        raise
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "tracker":  # a fault of ours
            raise
        raise MissingLibrariesError(extra) from None


def is_installed(extra: Extra) -> bool:
    """Whether each library of that extra is there; none is loaded for it."""
    return not _absent(_requirements(extra))


def _requirements(extra: Extra) -> dict[str, str]:
    """Its libraries by name, each as pyproject.toml states it: `psycopg[binary]<4,>=3.3`."""
    try:
        stated = metadata.requires("tracker") or []
    except metadata.PackageNotFoundError:  # the package's folder alone
        return {}
    parts = (line.partition(";") for line in stated)
    found = [text.strip() for text, _, marker in parts if re.search(rf"['\"]{extra}['\"]", marker)]
    return {re.split(r"[^\w.-]", text, maxsplit=1)[0]: text for text in found}


def _absent(requirements: dict[str, str]) -> list[str]:
    def is_absent(name: str) -> bool:
        try:
            metadata.distribution(name)
        except metadata.PackageNotFoundError:
            return True
        return False

    return [name for name in requirements if is_absent(name)]


def _missing(extra: Extra) -> list[str]:
    """Those that are not there; all of them, where something else is amiss with one."""
    requirements = _requirements(extra)
    return _absent(requirements) or list(requirements) or [f"tracker[{extra}]"]


def _command(extra: Extra) -> str:
    """What installs them into the environment that this program runs in, as that was made.

    pipx keeps in mind what it is told by name, and --force has it take `psycopg[binary]` also where
    another one has brought in psycopg alone. No index is asked for tracker itself, where it was
    installed from a file: to pip, the one that is there is good enough.
    """
    home, whole = Path(sys.prefix), f"tracker[{extra}]"
    if (home / _PIPX).exists():
        named = _requirements(extra).values() or [whole]
        return " ".join(["pipx inject --force", *map(shell_word, (home.name, *named))])
    if (home / _UV_TOOL).exists() or util.find_spec("pip") is None:
        return f"uv pip install --python {shell_word(str(home))} {shell_word(whole)}"
    return f"{shell_word(sys.executable)} -m pip install {shell_word(whole)}"
