"""The database: what no file can know.

Tables: schema.py, and how older ones are moved forward: migrations.py. What was said and planned:
ledger.py. What is to be sent, and by whom: outbox.py, process_locks.py. What readers answered:
acknowledgements.py.
"""
