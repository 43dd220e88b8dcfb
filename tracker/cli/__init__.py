"""The command line: each command is a file in commands/.

What every command is asked with: options.py. How commands are found, explained and refused: app.py.
What they read: inputs.py. What reaches the screen: output.py; differences.py, where two timelines
are compared. What several commands do alike: named_points.py, event_keys.py, recording.py,
feed_filters.py, serving.py.
"""

from __future__ import annotations

import gc
import io
import os
import sys


def main() -> None:
    """Runs the command that the process was called with, and ends the process."""
    # A command makes its values once and ends: looking for garbage among them is time lost.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what its encoding lacks is spelled out
            stream.reconfigure(errors="backslashreplace")
    try:
        from tracker.cli.app import run

        code = run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # the reader of the pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as error:  # a full disk behind the output, for one
        from tracker.cli.app import refuse
        from tracker.cli.options import requested_language
        from tracker.i18n.translate import translate

        reason = error.strerror or type(error).__name__
        refuse(translate(requested_language(sys.argv[1:]), "call.output", reason=reason))
        code = 1
    except KeyboardInterrupt:
        code = 130
    # All is said and written: taking thousands of values apart one by one would help nobody.
    os._exit(code)
