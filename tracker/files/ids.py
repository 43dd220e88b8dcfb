"""Ids for what is named in other letters, or in none: 契約終了 is contract-end, Договор dogovor.

An id is for ever, so it should say something: words that agreements are full of are put into
English, and letters into Latin ones. Where nothing is left, its place names it: event-3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.tokens import ID, KEYWORDS
from tracker.files.problems import KeyPath

LONGEST = 60
_WORDS = {
    "contract": "契約書 契約 合同", "end": "終了 終期", "expiry": "満了 到期",
    "start": "開始 着手 始期", "renewal": "更新", "termination": "解約 终止",
    "cancellation": "解除 取消", "notice": "通知", "payment": "支払い 支払 入金 付款",
    "delivery": "納品 納入 交付", "acceptance": "検収 受入", "inspection": "検査 点検 立会",
    "deadline": "期限 締切 締め切り 期日", "submission": "提出", "report": "報告書 報告",
    "application": "申請 申込 出願", "invoice": "請求書", "claim": "請求",
    "warranty": "保証 瑕疵担保", "lease": "賃貸借 賃貸", "rent": "賃料 家賃",
    "deposit": "敷金 保証金", "confidentiality": "秘密保持 機密保持", "patent": "特許",
    "trade-mark": "商標", "licence": "許諾 ライセンス", "exclusive": "独占",
    "transfer": "譲渡 移管", "handover": "引渡し 引渡 引き渡し", "formation": "設立",
    "accounts": "決算", "shareholders-meeting": "株主総会", "board": "取締役会",
    "meeting": "総会 会議", "audit": "監査", "tax": "納税 税金", "tax-return": "確定申告 申告",
    "filing": "届出 届け出", "registration": "登録 登記", "release": "公開 公表",
    "launch": "発売 開業", "development": "開発", "test": "試験 テスト", "training": "研修",
    "works": "工事", "completion": "完成 完了 竣工", "signing": "締結 署名 調印",
    "effect": "発効 効力", "breach": "違反 不履行", "leak": "漏えい 漏洩",
    "incident": "事故 インシデント", "outage": "障害", "extension": "延長", "change": "変更",
    "review": "見直し 審査 改定", "talks": "協議", "approval": "承認 認可",
    "grant": "補助金 助成金", "insurance": "保険", "employment": "雇用", "annual": "年次 毎年",
    "monthly": "月次 毎月", "quarterly": "四半期", "final": "最終", "interim": "中間",
    "term": "期間", "sale": "売買 販売", "services": "業務委託 委託", "master": "基本",
    "memorandum": "覚書", "agreement": "合意 協定 协议", "repayment": "返済", "loan": "融資 借入",
    "interest": "利息 利子", "dividend": "配当", "maintenance": "保守", "move": "移転",
    "joint-research": "共同研究", "research": "研究", "personal-data": "個人情報", "duty": "義務",
    "right": "権利", "exercise": "行使", "option": "選択権", "copyright": "著作権",
    "royalties": "使用料 ロイヤルティ", "plan": "計画書 計画", "first": "第一回 初回",
    "second": "第二回", "third": "第三回", "request": "依頼 要求", "reply": "回答 返答",
    "order": "発注 注文", "project": "プロジェクト", "system": "システム", "service": "サービス",
    "data": "データ",
}  # fmt: skip
_IN_ENGLISH = {word: english for english, words in _WORDS.items() for word in words.split()}
_KNOWN = re.compile("|".join(sorted(_IN_ENGLISH, key=len, reverse=True)))
_PARTICLE = re.compile(r"(?<![ぁ-ん])[のとにを](?![ぁ-ん])")
_CYRILLIC = dict(
    zip("абвгґдеёєзиіїйклмнопрстуўфцъыьэ", "abvggdeeeziiiiklmnoprstuufc\0y\0e", strict=True)
)
_CYRILLIC |= {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya",
    "ї": "yi", "є": "ye", "й": "y", "ъ": "", "ь": "",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        "a v g d e z i th i k l m n x o p r s t y f ch ps o s".split(),
        strict=True,
    )
)
_LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ŋ": "n", "ħ": "h", "ə": "e",
}  # fmt: skip
_LETTERS = _CYRILLIC | _GREEK | _LATIN
_SYLLABLE = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) ([A-Z]+)")
#: As Hepburn spells what Unicode names otherwise.
_HEPBURN = {
    "si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu",
    "wo": "o",
}  # fmt: skip


def id_like(text: str) -> str | None:
    """The id most like a text, if any is.

    >>> id_like("Café 7 / Übergabe!"), id_like("契約終了"), id_like("Договор №7"), id_like("🚀")
    ('cafe-7-ubergabe', 'contract-end', 'dogovor-no7', None)
    """
    plain = unicodedata.normalize("NFKC", text[:500])
    plain = _KNOWN.sub(lambda match: f" {_IN_ENGLISH[match[0]]} ", plain).casefold()
    plain = _PARTICLE.sub(" ", plain)
    letters = "".join(map(_latin, unicodedata.normalize("NFC", plain)))
    like = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST].strip("-")
    return like if ID.fullmatch(like) and like not in KEYWORDS else None


def _latin(char: str) -> str:
    """A letter in Latin ones; a space for what is none."""
    if char.isascii():
        return char
    if char in _LETTERS:
        return _LETTERS[char]
    plain = unicodedata.normalize("NFKD", char)
    base = "".join(part for part in plain if not unicodedata.combining(part))
    if base != char and base and all(part.isascii() or part in _LETTERS for part in base):
        return "".join(_LETTERS.get(part, part) for part in base)
    if syllable := _SYLLABLE.match(unicodedata.name(char, "")):
        sound = syllable[1].lower()
        return _HEPBURN.get(sound, sound)
    return "" if unicodedata.combining(char) or char in "ー·’'" else " "


class IdOffers:
    """The ids that are offered for those of a file that are none; each is free there."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """`data` is the file's tables.

        >>> IdOffers({"event": [{"id": "契約終了"}, {"id": "contract-end"}, {"id": "🚀"}]}).by_place
        {('event', 0, 'id'): 'contract-end-2', ('event', 2, 'id'): 'event-3'}
        """
        self.by_place: dict[KeyPath, str] = {}
        self._of_events: dict[str, str] = {}  # by what is written, where it is named elsewhere
        self._lasting = _lasting(data.get("event"))
        self._offer("event", list(_ids_of(data.get("event"), "event")))
        self._offer("amendment", list(_ids_of(data.get("amendment"), "amendment")))
        sources = data.get("sources")
        names = sources if isinstance(sources, dict) else {}
        self._offer("source", [(("sources", name), name) for name in names])

    def _offer(self, kind: str, ids: list[tuple[KeyPath, str]]) -> None:
        taken = {name for _, name in ids}
        for number, (path, name) in enumerate(ids, 1):
            if is_id(name):
                continue
            free = _free(name, kind, number, taken)
            taken.add(free)
            self.by_place[path] = free
            if kind == "event" and name:
                self._of_events.setdefault(name, free)

    def for_id(self, text: str, path: KeyPath) -> str | None:
        """What to write in the place of an id; where another's is named, what is offered there."""
        if path == ("id",):
            return id_for(text, "agreement")
        return self.by_place.get(path) or self._of_events.get(text) or id_for(text, "event")

    def in_line(self, line: str, read: Callable[[str], object]) -> Diagnostic | None:
        """Of a text that names an event whose id is none: the text with the id offered for it."""
        named = sorted((name for name in self._of_events if name in line), key=len, reverse=True)
        spelt = line
        for name in named:
            spelt = spelt.replace(name, self._of_events[name])
        if spelt == line:
            return None
        try:
            read(spelt)
        except LineError as refused:
            suggestions = refused.diagnostic.suggestions
        else:
            suggestions = (Suggestion(spelt),)
        for name in named:
            if name in self._lasting:
                suggestions = _by_its_edges(suggestions, self._of_events[name])
        name = min(named, key=line.index)
        at = line.index(name)
        return Diagnostic("name-is-no-id", (at, at + len(name)), (("id", name),), suggestions)


_OF_A_TERM = {"starts", "ends", "lasts"}


def _lasting(events: object) -> frozenset[str]:
    """What is written for the ids of events that last: they are named by their start or end."""
    return frozenset(
        str(table.get("id"))
        for table in (events if isinstance(events, list) else ())
        if isinstance(table, dict)
        and "when" not in table
        and {"starts", "ends", "lasts"} & {*table}
    )


def _by_its_edges(suggestions: tuple[Suggestion, ...], name: str) -> tuple[Suggestion, ...]:
    """The lines with the end and the start of an event that lasts, where they name it alone."""
    bare = re.compile(rf"(?<!of )(?<![\w./-]){re.escape(name)}(?![\w./-])")
    return tuple(
        replace(offer, write=bare.sub(f"{edge} of {name}", offer.write))
        for offer in suggestions
        for edge in (("end", "start") if bare.search(offer.write) else ("end",))
    )


def is_id(name: str) -> bool:
    """Whether it is one: lower case, digits and single separators; no word of the grammar."""
    return bool(ID.fullmatch(name)) and len(name) <= 200 and name not in KEYWORDS


def id_for(text: str, kind: str) -> str | None:
    """The id for a text by itself; with its kind before it where it is a word, or begins with none.

    >>> id_for("7 day notice", "event"), id_for("End", "event"), id_for("!", "event")
    ('event-7-day-notice', 'event-end', None)
    """
    like = id_like(text)
    if like is None:
        words = id_like(f"{kind} {text}")
        like = words if words not in (None, kind) else None
    return like


def _free(name: str, kind: str, number: int, taken: set[str]) -> str:
    like = id_for(name, kind) or f"{kind}-{number}"
    free, again = like, 1
    while free in taken:
        again += 1
        free = f"{like[: LONGEST - 6].rstrip('-._')}-{again}"
    return free


def _ids_of(value: object, kind: str) -> Iterator[tuple[KeyPath, str]]:
    for at, table in enumerate(value if isinstance(value, list) else ()):
        name = table.get("id") if isinstance(table, dict) else None
        yield (kind, at, "id"), name if isinstance(name, str) else ""


class EventNames:
    """The ids of the events of some files; they are looked for when the first is asked for.

    >>> names = EventNames([{"event": [{"id": "x"}]}, {"amendment": [{"event": [{"id": "y"}]}]}])
    >>> "x" in names, "y" in names, "noon" in names
    (True, True, False)
    """

    def __init__(self, tables: Iterable[Mapping[str, Any] | None]) -> None:
        self._tables = tables
        self._names: frozenset[str] | None = None

    def __contains__(self, name: object) -> bool:
        if self._names is None:
            self._names = frozenset(self._ids())
        return name in self._names

    def _ids(self) -> Iterator[str]:
        for data in self._tables:
            amendments = (data or {}).get("amendment")
            for table in (data, *(amendments if isinstance(amendments, list) else ())):
                events = table.get("event") if isinstance(table, dict) else None
                yield from (name for _, name in _ids_of(events, "event"))
