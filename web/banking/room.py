"""The blueprint of the bank accounts."""

from flask import Blueprint

room = Blueprint("banking", __name__)
