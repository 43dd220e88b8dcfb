"""What runs: one process that alerts, serves and follows its files (process.py, file_watcher.py).

What is due is written down by planner.py; doctor.py, sample_alert.py and alert_log.py say whether
and what will arrive.
"""
