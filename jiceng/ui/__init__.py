"""What every page is made of: frames, parts, words for dates and numbers, icons, charts, and a gallery of them all.

Knows nothing of organisations, people or work: pages hand it plain values (see `shapes`) and it draws them.
"""
