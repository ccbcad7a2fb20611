"""Documents that are printed, signed and filed, laid out by GB/T 9704—2012: as Word (`docx`) and as PDF (`pdf`)."""

from .shapes import Line, Paper, Part, Row, Signatures, Table

__all__ = ["Line", "Paper", "Part", "Row", "Signatures", "Table"]
