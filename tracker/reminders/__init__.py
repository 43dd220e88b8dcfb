"""Which alerts there are, for whom and when: all of it pure.

What recipients wish: recipients.py, quiet.py. The reminders that a timeline holds: plan.py. Which
of them are owed, given what the ledger has done and readers have answered: owed.py, silence.py.
Digests and nudges: occasions.py. Changes: changes.py.
"""
