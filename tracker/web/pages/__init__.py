"""The pages, one a file: what stands on it, from a frame and the address's parameters. No I/O."""
