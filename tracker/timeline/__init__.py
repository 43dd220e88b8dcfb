"""What can be said of each point, as of one day.

The way in is resolve(). Who waits for whom: waits.py. What is wrong as stated: validation/. The
tree behind each answer: explanation.py. What the agenda groups: agenda.py. What is stated, as
values: tracker.agreements. No file and no clock is read here.
"""
