"""The timeline as a picture: a track for each event, on one scale of days.

tracks.py says what is drawn of an event, scale.py where a day lies and which days the axis names,
extent.py what of it all is shown, layout.py puts tracks into lanes in which no two labels touch;
svg.py and text.py print.
"""
