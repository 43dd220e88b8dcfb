"""Civil dates as documents state them.

What a line says, as frozen values: expressions.py. Reading it: tokens.py, grammar.py, parser.py.
What it comes to: evaluation.py, with bounds.py for the values and arithmetic.py for the counting.
What is refused, and what to write instead: suggestions/. How long before or after a day a reminder
goes out: lead_times.py. Nothing here reads a file or a clock.
"""
