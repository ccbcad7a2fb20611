"""Pages of figures: all of an organisation's, one with everything that makes it a figure, and its records."""

from .figures import figure, figures, organisation_figures, reporting
from .records import records

__all__ = ["figure", "figures", "organisation_figures", "records", "reporting"]
