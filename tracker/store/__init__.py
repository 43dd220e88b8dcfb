"""The database: what no file can know.

Alerts are written down once (ledger.py), given out to be sent and marked (outbox.py): to processes
that are known to be alive (process_locks.py), or to jobs (jobs.py). Readers' acknowledgements:
acknowledgements.py. What feeds held last: feed_history.py; who may see them: secret_links.py. Whose
a row is, and that no other agreement sees it: agreement_sets.py.

How it is opened: database.py. Its tables: schema.py; how older ones are moved forward:
migrations.py; how all is copied to another database: copying.py. What other processes write is
heard of at once through notifications.py.
"""
