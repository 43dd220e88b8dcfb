"""Words that say that something is done, given up, or not; the rest of a status says neither."""

from __future__ import annotations

import re

from tracker.imports.sheets.headings import plain

_DONE = frozenset(
    "done|complete|completed|closed|finished|resolved|fulfilled"
    "|delivered|submitted|erledigt|fertig"
    "|abgeschlossen|geschlossen|fertiggestellt|beendet|fait"
    "|terminé|terminée|achevé|achevée|clos|close"
    "|fermé|hecho|hecha|completado|completada|terminado"
    "|terminada|finalizado|finalizada|cerrado"
    "|fatto|completato|completata|concluso|chiuso|concluído"
    "|feito|gereed|afgerond|voltooid|klaar"
    "|完了|完了済|完了済み|済|済み|終了|対応済|対応済み|実施済"
    "|提出済|已完成|完成|100|100 0|1".split("|")
)
_CANCELLED = frozenset(
    "cancelled|canceled|abandoned|withdrawn|dropped|rejected"
    "|won t do|wont do|won t fix|void|obsolete"
    "|abgebrochen|storniert|abgesagt|zurückgezogen|entfallen"
    "|verworfen|hinfällig|annulé|annulée"
    "|abandonné|abandonnée|cancelado|cancelada|anulado|anulada"
    "|annullato|annullata|geannuleerd"
    "|vervallen|中止|取消|取り消し|取下げ|キャンセル|却下|廃止|已取消".split("|")
)
_YES = frozenset(
    "yes|y|true|x|✓|✔|☑|✅|checked|ja|wahr|oui|vrai|sí|si"
    "|verdadero|sim|はい|○|◯|済|✔️|1|on|是".split("|")
)
_NO = frozenset(
    "no|n|false|☐|✗|✘|unchecked|nein|falsch|non|faux|falso|não|nee|いいえ|×|未|0|off|否|-".split(
        "|"
    )
)
_PERCENT = re.compile(r"100(?:[.,]0+)? ?%")


def is_done(text: str) -> bool:
    """Whether a status says that it was done.

    >>> is_done("Erledigt"), is_done("完了"), is_done("100 %"), is_done("In progress")
    (True, True, True, False)
    """
    return plain(text) in _DONE or bool(_PERCENT.fullmatch(text.strip()))


def is_cancelled(text: str) -> bool:
    """Whether a status says that it is given up.

    >>> is_cancelled("Canceled"), is_cancelled("Won't do"), is_cancelled("Open")
    (True, True, False)
    """
    return plain(text) in _CANCELLED


def yes_or_no(text: str) -> bool | None:
    """What a box says that is ticked or not; None: it says something else.

    >>> yes_or_no("TRUE"), yes_or_no("nein"), yes_or_no("2027-03-31")
    (True, False, None)
    """
    word = text.strip().casefold()
    if word in _YES:
        return True
    return False if word in _NO else None
