"""Every sentence that people read, in each language.

A catalogue a language (en.py, ja.py): whole sentences with named holes. Choosing one and filling
it: translate.py. What a day, a window and a countdown are called: dates.py. Points and events:
points.py. What is wrong in a file: diagnostics.py. How an answer came about: explanation.py.
"""
