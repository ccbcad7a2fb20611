"""Machines that run local ways of working, which are data in packs."""
