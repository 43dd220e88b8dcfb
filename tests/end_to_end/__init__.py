"""Tests of the commands, run as processes."""
