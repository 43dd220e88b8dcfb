"""What is stated, and what was recorded, as it stands in the files.

Events, amendments and agreements as frozen values: model.py. An agreement as of a day:
amendments.py. Who names whom: references.py, and where that goes in a circle: cycles.py. What is
wrong, with the field in which it stands: located.py. Nothing here reads a file or a clock.
"""
