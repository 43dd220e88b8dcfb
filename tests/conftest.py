"""What holds for every test."""

from hypothesis import settings

# Tests guard counts, not clocks: a busy machine is no fault of the code.
settings.register_profile("tracker", deadline=None)
settings.load_profile("tracker")
