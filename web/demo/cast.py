"""The demo's vendor and its partners, one for every kind of standing. All invented, all figures examples."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.money import Cents

OWNER = "Northlight Networks"
PROGRAMME = "Northlight Joint Marketing Fund"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Person:
    """One of a partner's people."""

    email: str
    name: str
    is_contact: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate: its first and last day, and the day it is recorded, as days from the day of loading."""

    first: int
    last: int
    recorded: int | None = None
    """None: when the programme starts."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a partner has in one JMF period, in whole US dollars. No fund where `fund` is 0."""

    fund: int
    required: int
    achieved: int


@dataclass(frozen=True, slots=True)
class Member:
    """A partner of the demo: in the JMF period before (`past`) and in that of the loading day (`present`)."""

    key: str
    name: str
    partner_type: str
    country: str
    people: tuple[Person, ...]
    papers: tuple[Paper, ...]
    past: Figures
    present: Figures


YEARS = (Paper(-540, 420),)

MEMBERS: tuple[Member, ...] = (
    Member(
        "elbe",
        "Elbe Distribution GmbH",
        "distributor",
        "DE",
        (
            Person("jonas@elbe.example", "Jonas Petersen", is_contact=True),
            Person("meike@elbe.example", "Meike Harms"),
        ),
        YEARS,
        Figures(80_000, 900_000, 1_012_400),
        Figures(90_000, 950_000, 988_150),
    ),
    Member(
        "iberis",
        "Iberis Sistemas S.L.",
        "vap",
        "ES",
        (Person("lucia@iberis.example", "Lucía Ferrer", is_contact=True),),
        (Paper(-500, -135), Paper(-134, 231)),
        Figures(35_000, 240_000, 251_900),
        Figures(40_000, 250_000, 274_300),
    ),
    Member(
        "tamarind",
        "Tamarind Networks Pte Ltd",
        "vap",
        "SG",
        (Person("wei@tamarind.example", "Tan Wei Ling", is_contact=True),),
        YEARS,
        Figures(30_000, 180_000, 196_000),
        Figures(6_000, 200_000, 203_500),
    ),
    Member(
        "aurora",
        "Aurora Distribuidora Ltda.",
        "distributor",
        "BR",
        (
            Person("paulo@aurora.example", "Paulo Siqueira", is_contact=True),
            Person("bia@aurora.example", "Beatriz Amaral", is_contact=True),
        ),
        YEARS,
        Figures(60_000, 700_000, 815_000),
        Figures(65_000, 750_000, 761_250),
    ),
    Member(
        "maple",
        "Maple Ridge Integrators Inc.",
        "vap",
        "US",
        (Person("grace@maple.example", "Grace Whitfield", is_contact=True),),
        (Paper(-355, 10),),
        Figures(40_000, 300_000, 342_700),
        Figures(40_000, 300_000, 318_900),
    ),
    Member(
        "kaskade",
        "Kaskade Systemhaus AG",
        "vap",
        "CH",
        (Person("urs@kaskade.example", "Urs Zbinden", is_contact=True),),
        (Paper(-377, -12),),
        Figures(25_000, 150_000, 171_000),
        Figures(25_000, 160_000, 166_400),
    ),
    Member(
        "lotus",
        "Lotus Channel Distribution Co.",
        "distributor",
        "CN",
        (Person("min@lotus.example", "Zhao Min", is_contact=True),),
        YEARS,
        Figures(50_000, 800_000, 846_000),
        Figures(50_000, 850_000, 611_500),
    ),
    Member(
        "harbour",
        "Harbour IT Resellers Ltd",
        "reseller",
        "GB",
        (Person("oliver@harbour.example", "Oliver Marsh", is_contact=True),),
        YEARS,
        Figures(0, 50_000, 58_000),
        Figures(0, 50_000, 52_300),
    ),
    Member(
        "savanna",
        "Savanna Cloud Solutions Ltd",
        "vap",
        "KE",
        (Person("amina@savanna.example", "Amina Otieno", is_contact=True),),
        (Paper(-60, 305, recorded=-57),),
        Figures(0, 60_000, 61_000),
        Figures(0, 90_000, 94_200),
    ),
    Member(
        "fjord",
        "Fjord Datasystemer AS",
        "vap",
        "NO",
        (Person("ingrid@fjord.example", "Ingrid Solbakken", is_contact=True),),
        (Paper(-420, -40), Paper(-39, 326, recorded=-31)),
        Figures(30_000, 120_000, 133_800),
        Figures(30_000, 130_000, 141_000),
    ),
)


def dollars(amount: float) -> Cents:
    """Return an amount of US dollars in cents."""
    return round(amount * 100)


@dataclass(frozen=True, slots=True)
class HalfYear:
    """A JMF period: the half of a calendar year."""

    code: str
    first: date
    last: date


def half_year(day: date) -> HalfYear:
    """Return the half year that a day lies in."""
    if day.month <= 6:
        return HalfYear(f"{day.year}H1", date(day.year, 1, 1), date(day.year, 6, 30))
    return HalfYear(f"{day.year}H2", date(day.year, 7, 1), date(day.year, 12, 31))


def half_year_before(period: HalfYear) -> HalfYear:
    """Return the half year before one."""
    return half_year(period.first - timedelta(days=1))
