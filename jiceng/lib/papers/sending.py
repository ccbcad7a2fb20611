"""How a document leaves the platform."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .docx import DOCX, docx
from .pdf import PDF, pdf
from .shapes import Paper

KINDS = {"docx": (DOCX, docx), "pdf": (PDF, pdf)}
"""By the end of the file's name: what it is called on the wire, and what writes it."""


def sent(paper: Paper, kind: str) -> HttpResponse:
    """The document as a file to save. Raises KeyError for a kind that is none, Refused where it cannot be set."""
    content_type, write = KINDS[kind]
    headers = {"Content-Disposition": content_disposition_header(True, f"{paper.title}.{kind}") or "attachment"}
    return HttpResponse(write(paper), content_type=content_type, headers=headers)
