"""The blueprint of the messages room."""

from flask import Blueprint

room = Blueprint("messages", __name__)

MESSAGE = "<int(max=9223372036854775807):message_id>"
"""The id of a message in an address: no larger than a database can hold."""
