"""The blueprint of what-ifs."""

from flask import Blueprint

room = Blueprint("what_if", __name__, url_prefix="/what-if")
