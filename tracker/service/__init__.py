"""What runs: one process that reminds, serves and follows its files (process.py, watch.py)."""
