"""The command line: each command is a file in commands/.

What every command is asked with: options.py. How commands are found, explained and refused: app.py.
What they read: inputs.py. What reaches the screen: output.py, by the streams of streams.py;
differences.py, where two timelines are compared. What is asked: questions.py. What several commands
do alike: named_points.py, event_keys.py, recording.py, feed_filters.py, serving.py. What a shell
completes: completion/.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

#: As of a program that SIGPIPE or Ctrl-C ends: what did not end by itself never counts as success.
_CUT_OFF, _INTERRUPTED = 141, 130


def main() -> None:
    """Runs the command that the process was called with, and ends the process."""
    # A command makes its values once and ends: looking for garbage among them is time lost.
    gc.disable()
    code = call(sys.argv[1:])
    # All is said and written: taking thousands of values apart one by one would help nobody.
    os._exit(code)


def call(arguments: Sequence[str]) -> int:
    """Runs a command until all is said; returns the exit code, whatever is behind the streams."""
    from tracker.cli.streams import prepare_streams

    prepare_streams()
    interrupts: list[int] = []
    before = _note_interrupts(interrupts)
    try:
        if tuple(arguments[:2]) == ("completion", "words"):  # at each Tab: no command is loaded
            from tracker.cli.completion.words import print_words

            print_words(arguments[2:])
            code = 0
        else:
            from tracker.cli.app import run

            code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # the reader of the pipe has seen enough
        code = _CUT_OFF
    except (OSError, UnicodeEncodeError) as error:
        from tracker.cli.app import refuse_fault

        with suppress(OSError):  # standard error may be what is full
            refuse_fault(error, arguments)
        code = 1
    except KeyboardInterrupt:
        code = _say_interrupted(arguments)
    except Exception as error:  # noqa: BLE001 - of our own: who reads it can do nothing with more
        if interrupts:  # a library made an error of its own of it
            return _say_interrupted(arguments)
        from tracker.cli.app import refuse_own_fault

        with suppress(OSError):
            refuse_own_fault(error, arguments)
        code = 1
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
    return code


def _note_interrupts(interrupts: list[int]) -> Any:
    """From here on Ctrl-C is noted, besides what it does; what handled it before, None: nobody.

    Whoever started the process may have it ignored (nohup), and a thread gets none.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return None

    def note(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        signal.default_int_handler(number, frame)

    try:
        return signal.signal(signal.SIGINT, note)
    except ValueError:  # in a thread
        return None


def _say_interrupted(arguments: Sequence[str]) -> int:
    from tracker.cli.app import say_interrupted

    with suppress(OSError):
        say_interrupted(arguments)
    return _INTERRUPTED
