from tracker.library.loading import FilesRefused as FilesRefused
from tracker.library.loading import LoadedFiles as LoadedFiles
from tracker.library.loading import NotUnderstood as NotUnderstood
from tracker.library.loading import load as load
from tracker.library.points import PointChange as PointChange
from tracker.library.points import PointView as PointView
from tracker.library.views import TimelineView as TimelineView

__all__ = [
    "FilesRefused",
    "LoadedFiles",
    "NotUnderstood",
    "PointChange",
    "PointView",
    "TimelineView",
    "load",
]
__version__: str
