"""What everything stands on: who did what, who may, when it held, where, and who people are."""
