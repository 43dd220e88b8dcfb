"""What a shell completes: scripts.py is what it runs, words.py answers it, call_table.py knows the
commands and their options.
"""
