"""Which reminders a timeline holds, for whom and when: recipients.py and plan.py.

What is owed is computed from the plan and from what the ledger has done: owed.py.
"""
