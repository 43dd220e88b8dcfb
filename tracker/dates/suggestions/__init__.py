"""What is refused, and what to write instead.

The order of the rules: rules.py. What documents write: wording.py, phrases.py, notations.py,
times.py, lookalikes.py. Each rule asks the parse_state.py how far the line was read.
"""
