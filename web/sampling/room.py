"""The blueprint of samples."""

from flask import Blueprint

room = Blueprint("sampling", __name__, url_prefix="/samples")
