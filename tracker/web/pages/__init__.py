"""The pages, one a file: what stands on it, of a timeline and of what was asked. No I/O."""
