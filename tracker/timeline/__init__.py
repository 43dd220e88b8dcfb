"""What can be said of each point, as of one day.

The way in is resolve(). What is stated, as values: events.py. What is seen on a day: view.py. Who
waits for whom: waits.py. What is wrong as stated: faults.py and cycles.py. The tree behind each
answer: why.py. What the agenda groups: agenda.py. How bounds add up: tracker.dates. No file and no
clock is read here.
"""
