"""The programme's rules as a page, rendered from a version: today's, or that of another day."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from web.access import signed_in_or_by
from web.auth.visitor import visitor
from web.policy.clauses import deadlines, rule_book
from web.policy.coming import effects
from web.policy.room import room
from web.policy.succession import news_to_come
from web.policy.words import demands, told_differences
from web.searching import SearchForm, day_field
from web.services import programme, reading, today
from workflow.policy_shelf import policy_in_force


class DaySearch(SearchForm):
    """The day whose rules are shown."""

    day = day_field(_l("Rules of the day"))


@room.get("/rules")
@signed_in_or_by("public_rules")
def rules() -> ResponseReturnValue:
    """Show the rules of today, or of another day, and what versions that come after it change."""
    form, running = DaySearch(), programme()
    fine = form.validate()
    day = (form.day.data if fine else None) or today()
    connection = reading().connection()
    shown, to_come = policy_in_force(connection, day), news_to_come(max(day, today()))
    policy = shown.policy if shown else None
    return render_template(
        "policy/rules.html",
        form=form,
        day=day,
        shown=shown,
        policy=policy,
        rule_book=rule_book(policy, running.owner) if policy and running else [],
        deadlines=deadlines(policy) if policy else [],
        demands=demands,
        to_come=to_come,
        differences=told_differences,
        effects=effects(to_come) if visitor() else {},
        today=today(),
    ), 200 if fine else 422
