"""A timeline and deadline tracker that keeps dates as agreements state them."""

__version__ = "0.1.0"
