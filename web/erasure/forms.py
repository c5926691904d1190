"""The forms of the pages on personal data."""

from flask_babel import lazy_gettext as _l

from models.vocabulary import Personal
from web.claims.fields import CountField, OpenSelectField, long_text_field, text_field
from web.forms import PageForm, TicksField
from web.labels import PERSONAL

LONGEST_REASON = 4000

STAYS = _l("The programme owner’s people and auditors read it. Write no name: it stays.")


class RetentionForm(PageForm):
    """For how many months each kind is kept; a field for each."""

    @property
    def months(self) -> dict[Personal, int | None]:
        """Return what was typed."""
        return {kind: self[kind.value].data for kind in Personal}


for _kind in Personal:
    setattr(RetentionForm, _kind.value, CountField(PERSONAL[_kind], description=_l("Months."), least=1))


class UserRequestForm(PageForm):
    """Who asked for it, and why."""

    reference = text_field(
        _l("Reference"), 100, _l("By which the request is found in your files. Write no name: it stays.")
    )
    reason = long_text_field(_l("Reason"), LONGEST_REASON, STAYS)

    @property
    def said(self) -> dict[str, str]:
        """Return what was typed."""
        return {"reference": self.reference.data or "", "reason": self.reason.data or ""}


PROPOSED = _l("Proposed. Another programme manager has to confirm: then it is erased for good.")


class RequestForm(UserRequestForm):
    """What is to be erased of a claim, who asked for it, and why."""

    kinds = TicksField(_l("What is to be erased"), coerce=Personal)


class ReasonForm(PageForm):
    """Why something is done. A page has one for each thing that can be done, so each has a prefix."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, STAYS)

    def __init__(self, deed: str) -> None:
        super().__init__(prefix=f"{deed}-")
        self.deed = deed


class PartnerHoldForm(PageForm):
    """Which partner's claims are held, and why."""

    partner = OpenSelectField(_l("Partner"))
    reason = long_text_field(_l("Reason"), LONGEST_REASON, STAYS)
