"""The blueprint of the partner's room, and of the claim's own page, which every role shares."""

from flask import Blueprint

from models.vocabulary import Role

room = Blueprint("claims", __name__, url_prefix="/claims")

READERS = (Role.partner, Role.approver, Role.finance, Role.auditor, Role.manager)
"""Who may open a claim's page. Which claims, `claim_or_404` says."""
