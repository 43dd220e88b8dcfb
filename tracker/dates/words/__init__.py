"""The words for dates, each with all that it is: how it is read, said, worked out and explained.

A subclass of Form (expressions.py) in a module here is a word of the language. Its place in the
grammar is stated in tokens.py; its sentence `why.RULE` in each catalogue.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tracker.dates.expressions import Form, Ref


@cache
def all_words() -> tuple[type[Form], ...]:
    """Every word of the language, found by being there."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return (
        Ref,
        *(
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, Form)
            and value.__module__ == module.__name__
        ),
    )
