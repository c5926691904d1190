"""The blueprint of imports and exports."""

from flask import Blueprint

room = Blueprint("imports", __name__, url_prefix="/imports")
