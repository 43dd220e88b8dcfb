"""What is published: the timeline as JSON (json.py) and as iCalendar (calendar.py)."""
