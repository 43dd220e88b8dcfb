"""events.toml: reading, checking and keeping the parsed form of it.

The way in is loading.load(). From TOML to values: schema.py, with values.py for the kinds of
value. What is wrong and where: problems.py, toml_positions.py, toml_guards.py. The cache of parsed
files: cache.py.
"""
