"""The blueprint of the approver's room."""

from flask import Blueprint

room = Blueprint("decisions", __name__)
