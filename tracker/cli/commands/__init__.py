"""The commands, a file each. `tracker what-if` is the function `command` of what_if.py.

One is found by being there, and is loaded when it is called; nothing else has to name it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import cast


def command_names() -> set[str]:
    """Every command that there is."""
    return {module.name.replace("_", "-") for module in iter_modules(__path__)}


def load_command(name: str) -> Callable[..., None]:
    """The function of that command."""
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return cast(Callable[..., None], module.command)
