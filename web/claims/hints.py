"""What the day that a file says of itself hints at, in words beside the file."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.claims.room import room
from web.formats import day
from workflow.file_dates import Side, hint_of

SAYS = {
    ("image", Side.before): _l("The photo says it was taken on %(day)s, %(days)s days before the activity."),
    ("image", Side.after): _l("The photo says it was taken on %(day)s, %(days)s days after the activity."),
    ("application", Side.before): _l(
        "The PDF says it was last changed on %(day)s, %(days)s days before the activity."
    ),
    ("application", Side.after): _l(
        "The PDF says it was last changed on %(day)s, %(days)s days after the activity."
    ),
}
"""What a file says, by the first word of its content type: pictures and PDFs alone say a day."""


@room.app_template_global()
def date_hint(file: Any, claim: Any) -> str:
    """Return the hint of a claim's file, or nothing where its day is not remarkable."""
    hint = hint_of(file.kind, file.dated_on, claim.starts_on, claim.ends_on)
    if hint is None:
        return ""
    said = SAYS[file.content_type.partition("/")[0], hint.side]
    advice = _("This is a hint: the clocks of cameras and computers are often wrong.")
    return f"{said % {'day': day(file.dated_on), 'days': hint.days}} {advice}"
