"""Messages (message.py, composer.py), their delivery (delivery.py), and channels/ that carry them.

What is planned is written down in the ledger first; only from there anything is sent.
"""
