"""The blueprint of personal data, and who may read there."""

from flask import Blueprint

from models.vocabulary import Role

room = Blueprint("erasure", __name__, url_prefix="/personal-data")

READERS = (Role.auditor, Role.manager)
