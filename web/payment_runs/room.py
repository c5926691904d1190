"""The blueprint of the payment runs."""

from flask import Blueprint

room = Blueprint("payment_runs", __name__, url_prefix="/payment-runs")
