"""What runs: one process that alerts, serves and follows its files (process.py, watch.py).

What is owed is written down by alerting.py; checkup.py, sample.py and sendings.py say whether and
what will arrive.
"""
