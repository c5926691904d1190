"""The forms of getting in."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length

from models.people import User
from models.vocabulary import MailPreference
from web.forms import PageForm, choices, trimmed
from web.labels import MAIL_PREFERENCES
from workflow.passwords import LONGEST, SHORTEST, complaint

COMPLAINTS = {
    "short": _l("Use at least %(count)s characters. A few words in a row do well.", count=SHORTEST),
    "long": _l("Use at most %(count)s characters.", count=LONGEST),
    "plain": _l("Use more different characters."),
    "guessed": _l(
        "This is easy to guess. Take a few words that have nothing to do with each other or with you."
    ),
    "own_name": _l("Do not use your own name or address."),
}


class SignInForm(PageForm):
    """Address and password."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))], [trimmed])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])


class ForgottenForm(PageForm):
    """The address that a reset link goes to."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Enter your e-mail address.")),
            Length(max=200, message=_l("This address is too long.")),
        ],
        [trimmed],
    )


class NewPasswordForm(PageForm):
    """A new password, twice."""

    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password."))],
        description=_l("At least %(count)s characters. A few words in a row do well.", count=SHORTEST),
    )
    again = PasswordField(
        _l("New password again"),
        [InputRequired(_l("Enter it again.")), EqualTo("new", _l("The two passwords differ."))],
    )

    def __init__(self, user: User) -> None:
        super().__init__()
        self._user = user

    def validate_new(self, field: StringField) -> None:
        """Raise ValidationError with what is wrong with the new password."""
        wrong = complaint(field.data or "", self._user.email, self._user.name)
        if wrong:
            raise ValidationError(COMPLAINTS[wrong])


class ChangePasswordForm(NewPasswordForm):
    """The present password, and a new one twice."""

    present = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password."))])


class MailForm(PageForm):
    """How a user wants to be told."""

    preference = RadioField(_l("Mail to you"), choices=choices(MAIL_PREFERENCES))

    @property
    def chosen(self) -> MailPreference:
        """Return the choice of a valid form."""
        return MailPreference(self.preference.data)
