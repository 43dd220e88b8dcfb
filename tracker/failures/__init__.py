"""What machines, networks and programs raise when they fail, as reasons that can be told.

Nothing here reads or writes anything: it takes an exception or an answer, and gives a reason.
"""
