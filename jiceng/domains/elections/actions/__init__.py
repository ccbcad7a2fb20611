"""The verbs of elections: a poll is recorded, and those who were elected take office."""

from .offices import TakingOffice, take_office
from .polls import Polled, Stood, record_poll, withdraw_poll

__all__ = ["Polled", "Stood", "TakingOffice", "record_poll", "take_office", "withdraw_poll"]
