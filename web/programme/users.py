"""Users: invited, given roles, let in again, and shut out."""

from collections.abc import Callable, Mapping, Sequence

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, exists, or_, select

from models.base import canonical
from models.history import Act
from models.people import Partner, User, UserRole
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once, acts_page, overtaken, sent_seen, told_acts
from web.auth.visitor import actor, signed_in_user
from web.labels import ROLES
from web.moving import put_at_fields, words_of
from web.notices import Notice
from web.paging import ListPage, page_of
from web.programme.partners import partner_or_404
from web.programme.room import room
from web.programme.user_forms import InvitationForm, RolesForm
from web.searching import SearchForm, choice_field, words_field
from web.services import now, read_afresh, reading, services
from workflow import lockout
from workflow.acts import users as acts
from workflow.acts.users import add_user, change_user, invite
from workflow.entitlement import on_file
from workflow.refusals import Refused
from workflow.searches.search import Condition, conditions, named, of_partner


class UserSearch(SearchForm):
    """What users are searched by."""

    words = words_field(_l("Name or address"))
    partner = words_field(_l("Partner"))
    role = choice_field(
        _l("Role"), {role.value: name for role, name in ROLES.items() if role is not Role.scheduler}
    )


CONDITIONS: Mapping[str, Condition] = {
    "words": lambda asked: named(asked["words"]),
    "partner": lambda asked: of_partner(User.partner_id, asked["partner"]),
    "role": lambda asked: User.id.in_(select(UserRole.user_id).where(UserRole.role == asked["role"])),
}


@room.get("/users")
@allow(Role.manager)
def users() -> ResponseReturnValue:
    """Search users, the newest first."""
    form = UserSearch()
    found = form.validate()
    query = (
        select(User.__table__, Partner.name.label("partner"))
        .outerjoin(Partner, Partner.id == User.partner_id)
        .where(*conditions(form.asked, CONDITIONS))
    )
    page = page_of(query, (User.id,), descending=True) if found else ListPage([], None, None)
    roles: dict[int, list[Role]] = {}
    wanted = [row.id for row in page.rows]
    for row in reading().execute(select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(wanted))):
        roles.setdefault(row.user_id, []).append(row.role)
    return render_template("programme/users.html", form=form, page=page, roles=roles), 200 if found else 422


@room.get("/users/new")
@allow(Role.manager)
def new_user() -> ResponseReturnValue:
    """Show the form that invites somebody of the programme owner."""
    return _invitation_page(InvitationForm(None), None)


@room.post("/users/new")
@allow(Role.manager)
def add_new_user() -> ResponseReturnValue:
    """Invite somebody of the programme owner."""
    return _invite_new(None)


@room.get("/partners/<int:partner_id>/users/new")
@allow(Role.manager)
def new_partner_user(partner_id: int) -> ResponseReturnValue:
    """Show the form that invites somebody of a partner."""
    partner, form = partner_or_404(partner_id), InvitationForm(partner_id)
    form.is_contact.data = not reading().scalar(
        select(exists().where(User.partner_id == partner_id, User.is_contact, User.deactivated_at.is_(None)))
    )
    return _invitation_page(form, partner)


@room.post("/partners/<int:partner_id>/users/new")
@allow(Role.manager)
def add_partner_user(partner_id: int) -> ResponseReturnValue:
    """Invite somebody of a partner."""
    return _invite_new(partner_or_404(partner_id))


def _invite_new(partner: Partner | None) -> ResponseReturnValue:
    form = InvitationForm(partner.id if partner else None)
    if not form.validate():
        return _invitation_page(form, partner), 422

    def work(connection: Connection, key: str) -> tuple[int, str]:
        user_id = add_user(connection, actor(), now(), key=key, **form.values)
        return user_id, invite(connection, actor(), now(), user_id, services().door.link_life)

    answer = act_once(work, _("%(name)s is on file.", name=form.name.data))
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _invitation_page(form, partner), 422
    if answer is None:
        return redirect(url_for("programme.users"))
    return _link_page(*answer)


@room.get("/users/<int:user_id>")
@allow(Role.manager)
def user(user_id: int) -> ResponseReturnValue:
    """Show a user, and what can be done."""
    found = user_or_404(user_id)
    return _user_page(found, RolesForm(found))


@room.post("/users/<int:user_id>/roles")
@allow(Role.manager)
def change_roles(user_id: int) -> ResponseReturnValue:
    """Set a user's roles, and whether they are a contact."""
    found, seen = user_or_404(user_id), sent_seen()
    form = RolesForm(found, sent=True)
    if not form.validate():
        return _user_page(found, form, seen=seen), 422
    answer = act(
        lambda connection: change_user(connection, actor(), now(), user_id, seen=seen, **form.values),
        _("Saved."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.user", user_id=user_id))
    if answer.why == "changed_meanwhile":
        return _user_page(found, form, notice=overtaken("user_changed", f"user:{user_id}")), 409
    return _user_page(found, form, put_at_fields(form, answer), seen=seen), 422


@room.post("/users/<int:user_id>/link")
@allow(Role.manager)
def new_link(user_id: int) -> ResponseReturnValue:
    """Make a new single-use link, which ends earlier ones, and show it once."""
    found = user_or_404(user_id)
    if found.deactivated_at is not None:
        return _user_page(found, RolesForm(found), [_("Reactivate this user first.")]), 409
    answer = act(
        lambda connection: invite(connection, actor(), now(), user_id, services().door.link_life),
        _("There is a new link. Earlier ones no longer work."),
    )
    return _link_page(user_id, str(answer))


@room.post("/users/<int:user_id>/unlock")
@allow(Role.manager)
def unlock(user_id: int) -> ResponseReturnValue:
    """Let a user who is locked out try again at once."""
    return _do(user_id, acts.unlock, _("The sign-in is unlocked."))


@room.post("/users/<int:user_id>/deactivate")
@allow(Role.manager)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Shut a user out at once; their tasks move on."""
    return _do(user_id, acts.deactivate, _("Deactivated: signed out everywhere, open tasks have moved on."))


@room.post("/users/<int:user_id>/reactivate")
@allow(Role.manager)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a deactivated user in again."""
    return _do(user_id, acts.reactivate, _("Reactivated. The password is the one of before."))


def _do(user_id: int, what: Callable[..., None], said: str) -> ResponseReturnValue:
    found = user_or_404(user_id)
    answer = act(lambda connection: what(connection, actor(), now(), user_id), said)
    if isinstance(answer, Refused):
        return _user_page(found, RolesForm(found), [words_of(one) for one in answer.problems]), 409
    return redirect(url_for("programme.user", user_id=user_id))


def user_or_404(user_id: int) -> User:
    """Return a user; 404 where there is none."""
    return reading().get(User, user_id) or abort(404)


def _user_page(
    found: User,
    form: RolesForm,
    problems: Sequence[str] = (),
    *,
    seen: str | None = None,
    notice: Notice | None = None,
) -> str:
    read_afresh()
    found = user_or_404(found.id)
    stands = canonical(on_file(found.roles, found))
    about = or_(Act.subject == f"user:{found.id}", Act.actor_id == found.id)
    page = acts_page(about, at=url_for("programme.user", user_id=found.id))
    return render_template(
        "programme/user.html",
        user=found,
        form=form,
        seen=stands if seen is None else seen,
        notice=notice,
        problems=problems,
        is_oneself=found.id == signed_in_user().id,
        locked_until=lockout.locked_until(reading().connection(), found.email, now()),
        page=page,
        told=told_acts(page.rows),
    )


def _invitation_page(form: InvitationForm, partner: Partner | None) -> str:
    return render_template("programme/invite.html", form=form, partner=partner)


def _link_page(user_id: int, token: str) -> str:
    """Show a single-use link. With mail it went to the user alone; without, the manager passes it on."""
    read_afresh()
    settings = services().settings
    return render_template(
        "programme/link.html",
        user=user_or_404(user_id),
        link=None if settings.smtp_host else f"{settings.base_url}/set-password/{token}",
        ends_at=now() + services().door.link_life,
    )
