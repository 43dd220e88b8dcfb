"""Tests of what agreements state."""
