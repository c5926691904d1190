"""The words of the dashboards."""

from flask_babel import lazy_gettext as _l

from web.labels import DEDUCTIONS
from workflow.dashboards.facets import NONE, SENT_BACK
from workflow.deductions import CHOSEN

_NO = (
    _l("Returned before the decision"),
    _l("Sent back for rework"),
    _l("Rejected as submitted"),
    _l("Rejected as reported"),
)

SENT_BACK_WORDS: dict[str, str] = {
    f"{trigger}-{source}": words for (trigger, source), words in zip(SENT_BACK, _NO, strict=True)
}
"""What people call the decisions that say no, by the values of their facet."""

REJECTED_WHY: dict[str, str] = {
    **{code.value: DEDUCTIONS[code] for code in CHOSEN},
    NONE: _l("No code on record"),
}
"""What people call the reasons of rejections."""

NO_PERIOD = _l("No period yet")
"""What is said instead of the JMF period of a claim that has none."""

RETURNS: dict[str, str] = {
    "counted": _l("Paid, with results reported"),
    "missing": _l("Paid, without results reported"),
    "unpaid": _l("Results reported, not paid in full"),
}
"""What is told of claims by what came of them."""
