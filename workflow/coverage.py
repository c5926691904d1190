"""Which invoice proves which cost line: what can only be meant, and what lacks proof.

A line points to a file (`ClaimLine.proof_id`) of its own claim, of the kind `invoice`. One may prove several.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from models.claims import ClaimLine, Evidence
from models.vocabulary import LineKind
from workflow.dossier import AnyRow
from workflow.duplicates.invoices import letters
from workflow.refusals import Problem, Refused

INVOICE = "invoice"
"""The kind of evidence that proves a cost."""

SHORTEST_NUMBER = 3
"""Letters and digits that an invoice number has at least, to be looked for in the names of files."""


def invoices_in(evidence: Iterable[Any]) -> list[Any]:
    """Return the files that a cost line may point to."""
    return [file for file in evidence if file.kind == INVOICE]


def good_invoices(evidence: Iterable[AnyRow]) -> dict[int, AnyRow]:
    """Return the invoices that nobody found wanting, by their ids."""
    return {file.id: file for file in invoices_in(evidence) if file.meets_standard is not False}


def unproven(lines: Iterable[AnyRow], evidence: Iterable[AnyRow]) -> dict[int, AnyRow]:
    """Return the cost lines that no good invoice proves, by their numbers from 1; refused ones need none."""
    good = good_invoices(evidence)
    return {
        number: line
        for number, line in enumerate(lines, start=1)
        if line.accepted is not False and line.proof_id not in good
    }


def suggested(lines: Sequence[AnyRow], evidence: Iterable[AnyRow]) -> dict[int, int]:
    """Return which invoice can only be meant, by the places from 0 of the lines that point to no good one.

    That is the file which another line with the same invoice points to, or else the only one that bears the
    number of the invoice in its name; and where one invoice and one file are left over, they belong together.
    """
    good = good_invoices(evidence)
    still_open = {
        place: line
        for place, line in enumerate(lines)
        if line.proof_id not in good and line.invoice_key is not None
    }
    meant = {
        place: files.pop()
        for place, line in still_open.items()
        if len(files := _pointed_to(line, lines, good) or _named_after(line, good)) == 1
    }
    taken = {*meant.values(), *(line.proof_id for line in lines)}
    spare = [file for file in good if file not in taken]
    left = {place: line.invoice_key for place, line in still_open.items() if place not in meant}
    if len(spare) == 1 and len(set(left.values())) == 1:
        meant |= dict.fromkeys(left, spare[0])
    return meant


def _pointed_to(line: AnyRow, lines: Sequence[AnyRow], good: Mapping[int, AnyRow]) -> set[int]:
    """Return the files that lines with the same invoice point to."""
    return {other.proof_id for other in lines if other.invoice_key == line.invoice_key} & good.keys()


def _named_after(line: AnyRow, good: Mapping[int, AnyRow]) -> set[int]:
    """Return the files whose name holds the invoice's number, and no longer one."""
    number = letters(line.invoice_number)
    if len(number) < SHORTEST_NUMBER:
        return set()
    whole = re.compile(rf"(?<![0-9]){re.escape(number)}(?![0-9])")
    return {file.id for file in good.values() if whole.search(letters(file.name))}


def require_invoices(connection: Connection, claim_id: int, proofs: Mapping[str, int | None]) -> None:
    """Return where each file, by its field, is an invoice of the claim; raise Refused otherwise."""
    wanted = {field: proof for field, proof in proofs.items() if proof is not None}
    if not wanted:
        return
    there = connection.scalars(
        select(Evidence.id).where(Evidence.claim_id == claim_id, Evidence.kind == INVOICE)
    ).all()
    forged = [Problem("no_such_invoice", field) for field, proof in wanted.items() if proof not in there]
    if forged:
        raise Refused(*forged)


def point(connection: Connection, claim_id: int) -> None:
    """Point each cost line of a claim that points to no good invoice to the one that can only be meant."""
    of_claim = ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual
    lines = connection.execute(
        select(ClaimLine.__table__).where(*of_claim).order_by(ClaimLine.position)
    ).all()
    evidence = connection.execute(select(Evidence.__table__).where(Evidence.claim_id == claim_id)).all()
    by_file: dict[int, list[Any]] = defaultdict(list)
    for place, file in suggested(lines, evidence).items():
        by_file[file].append(lines[place].id)
    for file, line_ids in by_file.items():
        connection.execute(update(ClaimLine).where(ClaimLine.id.in_(line_ids)).values(proof_id=file))
