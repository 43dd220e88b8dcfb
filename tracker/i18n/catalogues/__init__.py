"""A file for each language: its SENTENCES by name, with named holes. A new file is a new language."""
