"""What may go wrong with files."""


class TooLarge(Exception):
    """What came in is larger than the limit."""


class FilesAway(Exception):
    """Files can be neither kept nor read now, and may be later. The text is one line that says why."""


class Unusable(Exception):
    """A store cannot be used as it is set up. The text is one line that begins with the setting's name."""
