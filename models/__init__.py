"""What is stored. Importing this package registers every mapped class."""

from models import claims, funds, history, messages, people, programme, routing, standing, tasks

__all__ = ["claims", "funds", "history", "messages", "people", "programme", "routing", "standing", "tasks"]
