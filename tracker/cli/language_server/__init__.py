"""The language server: what an editor sends becomes texts, what editor/ answers becomes messages.

Each edit is taken at once; what the files say is worked out a moment after the last one, in a
process of its own (reading_process.py, reading_worker.py), so that the next keystroke waits for
nothing. Until then, and while a text is broken, the last good reading answers. server.py knows the
texts and readings, answers.py what an editor asks.
"""
