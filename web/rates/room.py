"""The blueprint of the exchange rates."""

from flask import Blueprint

room = Blueprint("rates", __name__, url_prefix="/exchange-rates")
