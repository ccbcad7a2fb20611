"""沿革：什么时候起、什么时候止、什么时候知道。

A dated row says that something held in the world from `since` until (not on) `until`, and that the store believed so
from `recorded_at` until `superseded_at`. Rows are never changed: a later word supersedes an earlier one. "As of 31
December" is a filter on the first pair, "as known on 15 January" a filter on the second.
"""
