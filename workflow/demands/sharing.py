"""What a shared invoice demands of the claims that take a part of it."""

from collections.abc import Iterator

from models.money import written
from workflow.attempt import Attempt
from workflow.refusals import Problem


def overdrawn(attempt: Attempt, code: str) -> Iterator[Problem]:
    """Yield each shared invoice of which the claim would take more than remains, or in another currency."""
    currency = attempt.dossier.claim.currency
    for share in attempt.shares:
        if share.currency != currency:
            figures = {"document": share.name, "currency": share.currency, "other": currency}
            yield Problem("shared_other_currency", figures=figures)
            continue
        part = share.part_in(attempt.dossier.actual)
        if part > share.remains:
            sums = {"total": share.total, "taken": share.taken, "remains": share.remains, "part": part}
            amounts = {name: written(amount, currency) for name, amount in sums.items()}
            yield Problem(code, figures={"document": share.name, **amounts})
