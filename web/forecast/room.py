"""The blueprint of the forecast."""

from flask import Blueprint

room = Blueprint("forecast", __name__, url_prefix="/forecast")
