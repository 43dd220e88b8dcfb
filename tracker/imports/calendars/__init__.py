"""iCalendar (RFC 5545) as calendar programs write it, and as they should not.

Read line by line, and not by a library: what is broken in one component costs that one alone, and
ten thousand entries take a fraction of the time. Zones of a calendar's own are the library's.
"""
