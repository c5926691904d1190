"""The blueprint of finance's room."""

from flask import Blueprint

room = Blueprint("finance", __name__)
