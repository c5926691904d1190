"""The form of a bank account."""

from babel.numbers import get_currency_name
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from web.claims.fields import OpenSelectField, text_field
from web.forms import PageForm, choices
from workflow.bank_numbers import currencies

NAMES = ("holder", "iban", "account_number", "bank_code", "bic", "currency")


class AccountForm(PageForm):
    """A bank account: an IBAN or, where the country knows none, account number and bank code."""

    holder = text_field(_l("Account holder"), 140, _l("As the bank has it on file."))
    iban = text_field(_l("IBAN"), 60)
    account_number = text_field(_l("Account number"), 60)
    bank_code = text_field(_l("Bank code"), 35, _l("Routing number, sort code or branch code."))
    bic = text_field(_l("BIC (SWIFT code)"), 20)
    currency = OpenSelectField(_l("Currency of the account"), [InputRequired(_l("Choose the currency."))])

    def __init__(self) -> None:
        super().__init__()
        names = {code: f"{code} – {get_currency_name(code, locale=get_locale())}" for code in currencies()}
        self.currency.choices = choices(dict(sorted(names.items())), blank=_l("Choose…"))

    @property
    def has_number(self) -> bool:
        """Return whether something stands in, or is wrong with, what takes an IBAN's place."""
        fields = (self.account_number, self.bank_code)
        return any(field.data or field.errors for field in fields)

    @property
    def values(self) -> dict[str, str]:
        """Return what was typed, as the act takes it."""
        return {name: self[name].data or "" for name in NAMES}
