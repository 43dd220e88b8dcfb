"""The database: what no file can know. Tables: schema.py. What was said and done: ledger.py."""
