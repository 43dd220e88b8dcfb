"""`tracker lsp`: help in an editor while files are written, over standard input and output."""

from __future__ import annotations

from tracker.cli.options import Request, refuse_suppositions


def command(request: Request) -> None:
    from tracker.failures.extras import libraries_of

    refuse_suppositions(request)
    with libraries_of("lsp"):
        from tracker.cli.language_server.answers import serve_editor
    serve_editor(request)
