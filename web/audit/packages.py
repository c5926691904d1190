"""Audit packages: asked for on the page “Proof of history”, made by the worker, taken away as one file."""

from flask import abort, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from models.packages import AuditPackage
from models.vocabulary import Role
from web.access import allow
from web.audit.proof import proof_page
from web.audit.room import room
from web.claims.files import SANDBOX, content_or_404
from web.long_work import ask_for
from web.moving import words_of
from web.services import reading
from workflow.proof.asking import ask_package
from workflow.refusals import Refused


@room.post("/proof/packages")
@allow(Role.auditor, Role.manager)
def package_asked() -> ResponseReturnValue:
    """Have a package made, and show how far it is."""
    answer = ask_for(ask_package)
    if isinstance(answer, Refused):
        return proof_page(packages_problem=words_of(answer.problems[0])), 422
    return redirect(url_for("audit.proof", _anchor="packages"))


@room.get("/proof/packages/<int:package_id>")
@allow(Role.auditor, Role.manager)
def package(package_id: int) -> ResponseReturnValue:
    """Send a package as it comes from the store."""
    found = reading().get(AuditPackage, package_id) or abort(404)
    name = f"history-{found.made_at:%Y-%m-%d}-{package_id}.zip"
    content = content_or_404(found)
    answer = send_file(content, "application/zip", as_attachment=True, download_name=name, etag=False)
    answer.content_length = found.size
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
