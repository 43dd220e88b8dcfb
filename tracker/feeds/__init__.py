"""What is published: the timeline as JSON (json_form.py) and as iCalendar (calendar.py)."""
