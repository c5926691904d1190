"""The moment that an auditor asks about: typed in the programme's zone, or taken from a move."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.widgets import DateTimeLocalInput

from web.formats import moment as in_words
from web.forms import TypedField
from web.searching import SearchForm
from web.services import now, zone


class MomentField(TypedField):
    """A moment, in UTC. Reads `2026-11-24T14:05` in the programme's zone, or one that names its own.

    Of a time that comes twice when clocks go back, it is the second. A right one is shown in that zone.
    """

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        return (self.typed or "") if self.data is None or self.errors else _to_the_second(self.data)

    def read(self, text: str) -> datetime:
        """Return the moment. ValueError says what a moment looks like."""
        try:
            found = datetime.fromisoformat(text)
            if found.tzinfo is None:
                found = found.replace(tzinfo=ZoneInfo(zone()), fold=1)
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(_l("Enter a day and a time such as 2026-11-24 14:05.")) from None


class MomentForm(SearchForm):
    """Asks for a moment since `began`. Empty stands for now."""

    moment = MomentField(_l("As of"))

    def __init__(self, began: datetime) -> None:
        super().__init__()
        self.began = began
        self.moment.description = _("Day and time in the zone %(zone)s.", zone=zone())

    def validate_moment(self, field: MomentField) -> None:
        """Refuse what lies before the claim began, and what is still to come."""
        if field.data is None:
            return
        if field.data > now():
            raise ValidationError(_("This moment is still to come. Choose one that is past."))
        if field.data < self.began:
            # Up to the minute, as it is typed.
            began = in_words(self.began + timedelta(minutes=1, microseconds=-1))
            raise ValidationError(
                _("The claim began on %(began)s. Choose that moment or a later one.", began=began)
            )


def _to_the_second(moment: datetime) -> str:
    """Return a moment as browsers take it, in the programme's zone, with the second that it lies in over."""
    whole = moment.replace(microsecond=0)
    if whole < moment:
        whole += timedelta(seconds=1)
    return whole.astimezone(ZoneInfo(zone())).replace(tzinfo=None).isoformat()
