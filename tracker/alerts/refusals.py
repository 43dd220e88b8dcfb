"""What those who do not take a message say of it: in their own words, and whether it is too long.

A shorter message is another one, with less in it. So an answer is about the length only where
nothing else can be meant: not a limit of how often or how many, not a missing right, not a fault of
the other side. What is wrongly taken for that loses a reader half of a message; what is not known
as that is tried again as it is, and `tracker doctor` says why.
"""

from __future__ import annotations

import json
import re
from html import unescape

#: RFC 9110, section 15.5.14; RFC 6585, section 4.
TOO_LARGE, TOO_MANY_REQUESTS = "413", "429"
#: The statuses whose words can be about what was sent: of no other is it a right, an address, a
#: rate or the state of the other side.
_ABOUT_CONTENT = frozenset({"", "200", "400", "406", "409", "412", "417", "422"})
#: So much is read of an answer: what is wrong is said first.
_MOST_READ = 4000
#: Lines of a message that are shorter are not looked for in its answer.
_SHORTEST_ECHO = 8

_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^<>]*>", re.DOTALL)
_URL = re.compile(r"\b[a-z]+://[^\s\"'<>]+", re.IGNORECASE)
#: In msg_too_long, maxLength and max-length: between the words that they are made of.
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]+")
_STATED_STATUS = re.compile(
    r'"(?:http|(?:http_?)?status(?:_?code)?|(?:error_?)?code)"\s*:\s*"?([1-5][0-9]{2})\b',
    re.IGNORECASE,
)
#: retry_after of Telegram and Discord, retry_after_ms of Matrix.
_RETRY_AFTER = re.compile(
    r"retry[ _-]?after(?P<ms>_ms)?\W{1,4}([0-9]{1,9}(?:\.[0-9]{1,9})?)", re.IGNORECASE
)
#: Seconds that somebody can ask us to wait, at most: a day.
LONGEST_WAIT = 86400.0


def _pattern(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.IGNORECASE)


_TOO_LONG = r"too (?:long|large|big|lengthy)"
_LETTERS = r"(?:char(?:acter)?|letter|grapheme|symbol|code ?point|byte|octet|[km]i?b)(?:s|\(s\))?"
_BOUND = (
    r"(?:at most|no more|more than|maximum|max|limit(?:ed)?|exceed\w*|longer|larger|bigger|greater"
    r"|fewer|less|shorter|up to|over|above|beyond|within|between|under|cannot have|<=?|≤)"
)
#: An answer with one of these is about how often, how many or how long it takes.
_ABOUT_RATE = _pattern(
    r"\b(?:rate|quota|credit|balance|bandwidth|subscription|spam|concurren\w+|throttl\w+|flood\w*"
    r"|frequen\w+|time ?out|timed out|slow down|ratelimit\w*)s?\b",
    r"\btoo (?:many (?!char|byte|letter|symbol)|fast|often|quick\w*|soon)",
    r"\b(?:per|each|every|an?) (?:second|sec|minute|min|hour|day|week|month)s?\b",
    r"\b(?:dai|week|month|hour)ly\b",
    r"频率|频繁|頻繁|頻度|回数|次数|额度|配额|限流|太快",
)
#: What else can be too long, or have a limit.
_ABOUT_OTHER_THINGS = _pattern(
    r"\b(?:ur[il]|link|address|header|cookie|query|path|topic|channel|chat|token|key|secret|password"
    r"|name|username|id|host|phone|number|recipient|subscriber|device|tag|priority|icon|attachment"
    r"|file|image|avatar|queue|pool|batch|mailbox|storage|disk|database|backlog|connection|time"
    r"|delay|ttl|interval|expiry|response)(?:e?s)?\b[\"')\]]*"
    r"(?:(?!\b(?:message|text|body|content|payload)\b)[^.,;{}\"]){0,40}?"
    rf"\b(?:{_TOO_LONG}|{_BOUND})\b",
    r"\b(?:took|takes|taking|waited|waiting|been|wait|pause)\b[^.;]{0,30}?"
    r"\b(?:too long|longer|over)\b",
    r"\bno longer\b|\bany longer\b",
)
_ABOUT_LENGTH = _pattern(
    rf"\b{_TOO_LONG}\b|\btoolong|\boversized?\b|\btoo many {_LETTERS}",
    rf"\b{_BOUND}[^.;{{}}]{{0,40}}?(?:\b|(?<=[0-9])){_LETTERS}(?!\w)",
    rf"\b{_LETTERS}[^.;{{}}]{{0,40}}?\b{_BOUND}(?!\w)",
    rf"\b(?:length|size)\b[^.;{{}}]{{0,40}}?\b{_BOUND}(?!\w)",
    rf"\b{_BOUND}[^.;{{}}]{{0,40}}?\b(?:length|size|long)\b",
    r"\b(?:shorten|bit shorter|be shorter)\b",
    r"[过過]长|太长|太長|超长|长度超|字数超|字符数?超|内容超|最大长度|长度限制",
    r"長すぎ|長過ぎ|大きすぎ|文字以[内下]|文字数|文字を超え|サイズを?超|最大サイズ",
    r"너무 (?:깁|길|큽|긴)|글자 ?수|길이",
    r"\bzu (?:lang|groß|gross)|\bzu viele zeichen|\bhöchstens \d+ zeichen|\bmaximal \d+ zeichen",
    r"\btrop (?:long|grand|volumineu)|\bdemasiado (?:larg|grande|extens)|\bmuito (?:long|grande)",
    r"\btroppo (?:lung|grand)|\bte (?:lang|groot)\b|\b(?:za|zbyt) (?:dług|duż)",
    r"слишком (?:длинн|больш)",
)


def is_about_length(status: str, words: str, sent: str = "") -> bool:
    """Whether what was sent is too long, by that status of HTTP's ("": none) and those words.

    What the answer repeats of what was sent is not read.

    >>> is_about_length("400", "Bad Request: message is too long")
    True
    >>> is_about_length("429", "limit reached: too many requests")
    False
    """
    if status == TOO_LARGE:
        return True
    if status not in _ABOUT_CONTENT:
        return False
    answer = _JOINTS.sub(" ", _URL.sub(" ", _without_echo(words, sent)[:_MOST_READ]))
    answer = " ".join(answer.split())
    if _ABOUT_RATE.search(answer):
        return False
    return _ABOUT_LENGTH.search(_ABOUT_OTHER_THINGS.sub(" ", answer)) is not None


def _without_echo(words: str, sent: str) -> str:
    for line in filter(None, map(str.strip, sent.splitlines())):
        if len(line) >= _SHORTEST_ECHO:
            for echo in (line, json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1]):
                words = words.replace(echo, " ")
    return words


def plain_words(answer: str) -> str:
    """An answer on one line, without the tags of a page.

    >>> plain_words("<html><style>p {}</style><p>Sorry &amp;\\ngood-bye</p></html>")
    'Sorry & good-bye'
    """
    return " ".join(unescape(_TAG.sub(" ", answer)).split())


def status_in(words: str) -> str:
    """HTTP's status, where an answer repeats it: Apprise logs ntfy's own number in its place.

    >>> status_in('{"code":50701,"http":507,"error":"topic limit exceeded"}')
    '507'
    """
    match = _STATED_STATUS.search(words)
    return "" if match is None else match[1]


def wait_in(words: str) -> float | None:
    """For how many seconds an answer asks to be left alone, where it says so.

    >>> wait_in('{"ok":false,"parameters":{"retry_after":35}}'), wait_in("slow down")
    (35.0, None)
    """
    match = _RETRY_AFTER.search(words)
    if match is None:
        return None
    return min(float(match[2]) / (1000 if match["ms"] else 1), LONGEST_WAIT)
