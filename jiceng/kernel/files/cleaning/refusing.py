"""How the child says no, what kinds of file there are, and how much of one is looked at."""

KINDS = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The closed list. Nothing that a browser would run is on it."""

LARGEST = 20 << 20


class Unfit(Exception):
    """The file is not taken; the message says why and what to do."""
