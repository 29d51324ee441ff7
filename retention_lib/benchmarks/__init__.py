"""Where a council stands, what its gap is worth, and whether anyone has closed one like it.

Pure functions on published figures: `standing`, `trend`, `gap`, `reference`; `comparison` is what a
user asks, `answer` the whole answer.
"""
