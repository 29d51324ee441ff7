"""What the four-year model would have forecast, beside what was published later.

`record` holds the published figures, `startup` says where a council's rates go, from what was
known in a year, `playing` plays the service forward from there, `scores` compares,
`tables` sets it out.
"""
