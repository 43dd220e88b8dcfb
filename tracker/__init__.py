"""A timeline and deadline tracker that keeps dates as agreements state them.

From Python: load the files, look at a day, and read the points (docs/python.md).

    view = tracker.load("events.toml").on("2026-12-01")
    for point in view.points: print(point.counts_to, point.title)
"""

__version__ = "0.1.0"

#: What is offered from Python, and where it is. Type checkers read __init__.pyi in place of this.
_OFFERED = {
    "FilesRefused": "loading",
    "LoadedFiles": "loading",
    "NotUnderstood": "loading",
    "PointChange": "points",
    "PointView": "points",
    "TimelineView": "views",
    "load": "loading",
}
__all__ = list(_OFFERED)


def __getattr__(name: str) -> object:
    """What is offered, loaded where it is first used: commands do without."""
    if name not in _OFFERED:
        raise AttributeError(f"module 'tracker' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"tracker.library.{_OFFERED[name]}"), name)


def __dir__() -> list[str]:
    """With what is offered and not loaded yet: notebooks complete by it."""
    return sorted({*globals(), *_OFFERED})
