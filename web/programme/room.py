"""The blueprint of the programme manager's room."""

from flask import Blueprint

room = Blueprint("programme", __name__, url_prefix="/programme")
