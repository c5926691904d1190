"""How a page asks whose public holidays count."""

from flask_babel import lazy_gettext as _l

from web.claims.fields import OpenSelectField, text_field
from web.forms import PageForm, choices
from web.names import country_names
from workflow.working_days import Calendar, countries


class CalendarForm(PageForm):
    """A country with its region, both left empty where another calendar counts."""

    country = OpenSelectField(_l("Holidays of"))
    region = text_field(_l("Region"), 40)

    def offer_countries(self, blank: str) -> None:
        """Offer every country whose holidays are known; `blank` says what counts without one."""
        self.country.choices = choices(country_names(countries()), blank=blank)

    @property
    def calendar(self) -> Calendar:
        """Return what was chosen; a known region in whichever letters, such as `by` and `zone a`."""
        country, typed = self.country.data or None, self.region.data or ""
        known = {region.lower(): region for region in countries().get(country or "", ())}
        return Calendar(country, known.get(typed.lower(), typed) or None)
