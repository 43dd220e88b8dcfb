"""What an editor is told while events files are written: from texts, places and a day to values.

readings.py reads the files as far as they can be read; problems.py says what is wrong and how to
mend it, hints.py to what a line comes, next_words.py what can stand next, names.py where a name
stands, and what it takes to change it. Places are offsets in characters; positions.py counts them
as a client does. Pure: the shell is cli/language_server.py.
"""
