"""The blueprint of the policy room: versions, drafts, and the programme's rules for everybody."""

from flask import Blueprint

room = Blueprint("policy", __name__)
