"""Civil dates as documents state them.

What lines are made of: expressions.py; the words of the language, one class each: words/. Reading
them: tokens.py, grammar.py, parser.py. What they come to: bounds.py, with arithmetic.py for the
counting and calendars.py for business days. What is refused, and what to write instead:
suggestions/. What repeats and renews: recurrence.py, renewals.py. How long before or after a day a
reminder goes out: lead_times.py. Nothing here reads a file or a clock.
"""
