"""Sheets of other programs: their cells, what their columns are, and which event each row is.

From bytes to rows: encodings.py and separated.py (CSV, TSV), packages.py and workbooks.py (xlsx,
xls, ods). Which key each column is: headings.py and columns.py; what its days mean:
day_readings.py and day_columns.py; the events: rows.py. What a call settles of it, by `--map`, is
settings.py.
"""
