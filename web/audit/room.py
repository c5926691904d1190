"""The blueprint of the auditor's room."""

from flask import Blueprint

room = Blueprint("audit", __name__, url_prefix="/audit")
