"""What other programs' files state, as lines of events.toml; and what of it cannot be said there.

A format is a file in formats/, found by being there. What all of them give is foreign.py.
"""
