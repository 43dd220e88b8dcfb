"""Messages (message.py, composing.py), their delivery (delivery.py) and what carries them (channels/).

What is planned is written down in the ledger first; only from there anything is sent.
"""
