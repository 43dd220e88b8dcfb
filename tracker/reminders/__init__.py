"""Which alerts there are, for whom and when: all of it pure.

What recipients wish: recipients.py. The reminders that a timeline holds: plan.py. Which of them are
due, given what the ledger knows and what is acknowledged: due.py, acknowledgements.py. Digests
and nudges: digests.py. Changes: changes.py.
"""
