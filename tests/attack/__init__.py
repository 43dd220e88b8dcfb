"""An attack that can be run again: `make attack`, or `python -m tests.attack`.

Each kind of it (kinds.py has them all) draws cases from a seed and tries them on the real thing. A
case that goes wrong is cut down and kept in a file, with the command that repeats it. What counts
as a fault stands in kind.py, and what each kind tries at the head of its own file.
"""
