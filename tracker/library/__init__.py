"""tracker from Python: `load` gives files, a day of them is a view, and a view has points.

What `import tracker` offers is documented (docs/python.md) and stays; the rooms below may change.
"""
