"""Civil dates as documents state them.

What a line says, as frozen values: forms.py. The words themselves: tokens.py and parser.py; what
is refused, and what to write instead: refusals.py, habits.py and look_alikes.py. Adding months and
years: months.py. How long before or after a day a reminder goes out: leads.py. Nothing here reads
a file or a clock.
"""
