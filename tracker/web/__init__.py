"""Pages, feeds and API over HTTP (app.py), and the same as static files (static.py)."""
