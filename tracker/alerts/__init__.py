"""Messages and the channels that carry them: the terminal (terminal.py)."""
