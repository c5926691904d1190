"""Activities that were split in two as people split them, and pairs that only stand close together."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.vocabulary import State
from workflow.duplicates.splits import Activity, grounds_of

SUBJECTS = (
    "Cloud",
    "Security",
    "Campus network",
    "Data centre",
    "Storage",
    "Wireless",
    "Collaboration",
    "Edge",
)
FORMS = (
    "seminar",
    "roadshow",
    "customer day",
    "workshop",
    "conference",
    "training",
    "open house",
    "trade fair",
)
PLACES = ("Hamburg", "München", "São Paulo", "Lyon", "Gdańsk", "Milano", "Leeds", "Wien", "Bilbao", "Praha")
NAMES = (
    "Kongresshalle",
    "Müller & Söhne",
    "Agentur Nord",
    "Grand Hôtel",
    "Print Works",
    "Fairs International",
)
FORMS_OF_COMPANY = ("GmbH", "Ltd.", "S.p.A.", "AG", "")
FIRST = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of an activity."""

    title: str
    place: str
    organiser_kind: str
    organiser: str
    suppliers: tuple[str, ...]
    starts_on: date
    days: int

    def activity(self, claim_id: int, amount: int) -> Activity:
        """Return it as a claim that asks for an amount, in cents."""
        found = grounds_of(self.title, self.place, self.organiser_kind, self.organiser, self.suppliers)
        days = self.starts_on, self.starts_on + timedelta(days=self.days)
        return Activity(claim_id, f"C-{claim_id}", self.title, State.submitted, *days, amount, found)


def one_of(chance: random.Random) -> Written:
    """Return an activity by lot."""
    return Written(
        f"{chance.choice(SUBJECTS)} {chance.choice(FORMS)}",
        chance.choice(PLACES),
        chance.choice(("partner", "partner", "third_party")),
        f"{chance.choice(NAMES)} {chance.choice(FORMS_OF_COMPANY)}".strip(),
        (f"{chance.choice(NAMES)} {chance.choice(FORMS_OF_COMPANY)}".strip(),),
        FIRST + timedelta(days=chance.randrange(90)),
        chance.randrange(3),
    )


def _later(one: Written, days: int) -> Written:
    return replace(one, starts_on=one.starts_on + timedelta(days=one.days + days))


def parts_of(one: Written, chance: random.Random) -> Iterator[tuple[str, Written]]:
    """Yield second parts of an activity, each under what was done to hide or to tell that it is one.

    All but the last share neither supplier nor organiser, so that the event alone can tell.
    """
    other = _later(replace(one, organiser_kind="partner", suppliers=()), chance.randrange(31))
    words = one.title.split()
    yield "part 2", replace(other, title=f"{one.title} part 2")
    yield "II", replace(other, title=f"{one.title} II")
    yield "Day 2:", replace(other, title=f"Day 2: {one.title}")
    yield "Teil (2/3)", replace(other, title=f"{one.title} – Teil (2/3)")
    yield "capitals and dashes", replace(other, title="-".join(words).upper())
    yield "words turned round", replace(other, title=" ".join(reversed(words)))
    yield "place in the title", replace(other, title=f"{one.title} {one.place}")
    yield "no accents", replace(other, place=one.place.translate(str.maketrans("üãńôø", "uanoo")))
    slip = chance.randrange(1, len(one.title) - 1)
    yield "a slip of the pen", replace(other, title=one.title[:slip] + one.title[slip + 1 :])
    yield "another title", replace(other, title=f"{chance.choice(FORMS)} on other things")
    supplier = f"{one.suppliers[0].split(' G')[0].upper()} Limited"
    yield (
        "the supplier alone",
        replace(other, title="Something else", place="Elsewhere", suppliers=(supplier,)),
    )


def strangers_to(one: Written, chance: random.Random) -> Iterator[tuple[str, Written]]:
    """Yield activities of the same partner that are none of its parts, by what tells them apart."""
    near = _later(
        replace(one, organiser_kind="partner", suppliers=("Quite another firm",)), chance.randrange(31)
    )
    place = chance.choice([each for each in PLACES if each != one.place])
    subject = chance.choice([each for each in SUBJECTS if not one.title.startswith(each)])
    form = chance.choice([each for each in FORMS if not one.title.endswith(each)])
    yield "another place", replace(near, place=place)
    yield "another subject", replace(near, title=f"{subject} {one.title.split()[-1]}")
    yield "another form", replace(near, title=f"{one.title.split()[0]} {form}")
    yield "later than neighbouring", _later(one, 31)
