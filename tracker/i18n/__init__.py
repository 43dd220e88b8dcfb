"""Every sentence that people read, in each language.

catalogues/ has a file for each language: whole sentences by name, with named holes. translate.py
chooses one and fills it. Days, windows and countdowns: dates.py. Points: points.py. All that is
shown of an event: event_fields.py. How an answer came about: explanation.py. What changed:
changes.py. What is wrong in a file: diagnostics.py. Alerts: alerts.py, alert_sentences.py. columns.py fits a text into
the columns of a terminal.
"""
