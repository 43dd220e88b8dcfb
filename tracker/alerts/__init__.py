"""Alerts on their way to a reader: composed as messages, delivered through channels.

What is due is found by reminders/, and written down in the ledger (store/ledger.py) before anything
is sent. From there store/outbox.py gives each alert out once. Which message it is (message.py)
composer.py says; what stands in it reminder_body.py, list_bodies.py and, of a change and
beforehand, change_content.py; its subject subjects.py. delivery.py takes it through its channel
(channels/), in threads of one process (thread_delivery.py) or for jobs of several processes
(job_delivery.py). A reader acknowledges it by a signed link (signed_links.py); that is written down
in store/acknowledgements.py, and from then on reminders/ leaves that point out.
"""
