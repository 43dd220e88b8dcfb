"""The formats, a file each, with `recognises` and `read_foreign`; nothing else has to name them.

`recognises(file)` says whether a file is of that format, by its content before its name.
`read_foreign(file, wishes)` gives what it states; raises Unreadable where nothing can be read.
"""
