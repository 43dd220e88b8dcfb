"""What is published of a timeline, for programs of other people.

query.py: what a subscriber asks for. entries.py makes a calendar entry of each point, history.py
goes on from the entries that were published before, and calendar.py joins both into a publication.
cancelled.py is what an entry says once it is cancelled, alarms.py what an alarm of it says.
From that, each form is written: calendar.py (iCalendar, with zones.py), atom.py, json.py, csv.py;
edition.py lists them. omitted.py counts what a feed does not show. picture/ draws the timeline.
"""
