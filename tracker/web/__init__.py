"""The page, the feed and the API over HTTP: app.py, page.py, templates/."""
