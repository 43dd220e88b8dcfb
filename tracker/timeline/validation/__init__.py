"""What is wrong with agreements as they are stated.

The way in is checks.check(). Bounds that contradict one another whatever happens: consistency.py.
What repeats or renews: recurrence_checks.py. What is odd, and no error: warnings.py.
"""
