"""Keys as other tools and documents name them, and the keys here that say the same.

Likeness of letters alone misleads: `status` is as near to `starts` as a slip of the finger.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: By the key here, what else it goes by.
_HABITS = {
    "id": "key uid uuid identifier slug code ref_id event_id number no",
    "title": "name label summary subject heading caption event what",
    "when": "date day on due due_date duedate deadline due_on due_by target target_date at datetime"
    " timestamp happens milestone expected planned",
    "on": "date day signed signed_on signature signature_date dated when effective effective_date"
    " effective_from executed made",
    "starts": "start begin begins beginning start_date startdate dtstart from starts_on start_on"
    " commencement commences commencement_date effective effective_date effective_from valid_from"
    " from_date start_day begins_on",
    "ends": "end until finish finishes end_date enddate dtend to ends_on end_on expiry expires"
    " expiration expiration_date expiry_date expires_on valid_until valid_to to_date terminates"
    " termination termination_date maturity end_day till through",
    "lasts": "duration length term period last term_length lasting",
    "renews": "renewal renew renewals auto_renew autorenew auto_renewal automatic_renewal evergreen"
    " extension extends rollover prolongation",
    "repeats": "repeat recurrence recurring recur recurs rrule frequency every"
    " interval schedule cron"
    " repeating repetition cadence periodicity",
    "during": "within while as_long_as window between",
    "roll": "adjust adjustment convention business_day_convention bdc rolls rolling day_roll"
    " date_roll shift roll_convention",
    "calendar": "calendars holidays holiday_calendar business_days business_calendar country region"
    " working_days workdays",
    "counting": "law counting_law day_count counting_rule computation jurisdiction governing_law",
    "closed": "closures closing_days closed_days extra_holidays non_working_days shutdown",
    "announced": "announcements announced_holidays confirmed_holidays confirmed moon_sighting",
    "occurred": "happened occurred_on done done_on completed completed_on completed_at complete"
    " finished achieved met fulfilled fulfilled_on actual actual_date recorded record delivered"
    " paid closed_on resolved",
    "started": "actual_start began started_on",
    "ended": "actual_end finished_on ended_on terminated_on",
    "withdrawn": "cancelled canceled cancelled_on canceled_on void voided dropped revoked rescinded"
    " waived cancellation called_off abandoned",
    "parties": "party owner owners assignee assignees responsible who by obligor"
    " obligee counterparty"
    " counterparties participants attendees people person contact contacts",
    "tags": "tag labels categories category topics topic kind type keywords group groups class",
    "source": "clause section paragraph article reference ref document contract citation source_ref"
    " provision origin based_on basis",
    "quote": "quotation verbatim text wording excerpt original clause_text passage extract",
    "note": "notes comment comments description desc remark remarks memo details detail info body"
    " annotation explanation",
    "url": "link href website web uri homepage links page",
    "reminders": "reminder alarm alarms alert alerts remind notify notifications notification"
    " lead leads lead_time lead_times warn notice_days valarm",
    "was": "alias aliases formerly former old_id previous_id renamed_from old_name previously",
    "timezone": "tz time_zone zone tzid timezones",
    "language": "lang locale languages",
    "sources": "documents references bibliography contracts",
    "event": "events item items entry entries milestones deadlines dates",
    "amendment": "amendments amended change changes variation variations addendum addenda",
    "amends": "amending modifies extends_agreement of_agreement",
    "remove": "removes delete deletes unset drop without",
}
#: By what else it goes by, the keys that are meant.
MEANT: dict[str, tuple[str, ...]] = {}
for _key, _names in _HABITS.items():
    for _name in _names.split():
        MEANT[_name] = (*MEANT.get(_name, ()), _key)

#: What tracker works out, and what happened in place of it is recorded under.
WORKED_OUT = frozenset("status state progress phase stage overdue".split())
#: The keys of what has happened and of what never will, each with the reason to choose it.
RECORDS = {"occurred": "once-it-happened", "withdrawn": "once-called-off"}
_DONE = frozenset(
    "done complete completed closed met finished fulfilled paid delivered occurred happened".split()
)
_CALLED_OFF = frozenset(
    "cancelled canceled withdrawn void dropped waived terminated rejected revoked".split()
)
_LONG = 8  # letters from which on two slips are still the same word


def keys_meant(key: str, value: object, known: Iterable[str]) -> tuple[str, ...]:
    """The keys that could be meant by one that is not known here.

    >>> keys_meant("due_date", "2028-03-15", ("id", "title", "when"))
    ('when',)
    >>> keys_meant("status", "done", ("starts", "occurred", "withdrawn"))
    ('occurred',)
    >>> keys_meant("titel", "Notice", ("id", "title", "when"))
    ('title',)
    """
    names = tuple(known)
    plain = key.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in names:
        return (plain,)
    if plain in WORKED_OUT:
        return tuple(name for name in _recorded_as(value) if name in names)
    if meant := tuple(name for name in MEANT.get(plain, ()) if name in names):
        return meant
    near = get_close_matches(plain[:60], names, n=1, cutoff=0.6)
    return tuple(name for name in near if _is_slip(plain, name))


def _recorded_as(value: object) -> tuple[str, ...]:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _DONE:
        return ("occurred",)
    return ("withdrawn",) if word in _CALLED_OFF else ("occurred", "withdrawn")


def _is_slip(written: str, name: str) -> bool:
    """Whether one slip of the finger lies between them; two in a long word."""
    return _slips(written, name) <= (2 if len(name) >= _LONG else 1)


def _slips(left: str, right: str) -> int:
    """How many letters are added, lost, changed, or swapped with the next (Damerau)."""
    rows = [list(range(len(right) + 1))]
    for at, letter in enumerate(left, 1):
        row = [at]
        for place, wanted in enumerate(right, 1):
            costs = [rows[-1][place] + 1, row[-1] + 1, rows[-1][place - 1] + (letter != wanted)]
            swapped = at > 1 and place > 1 and letter == right[place - 2] and left[at - 2] == wanted
            if swapped:
                costs.append(rows[-2][place - 2] + 1)
            row.append(min(costs))
        rows.append(row)
    return rows[-1][-1]
