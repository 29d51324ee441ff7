"""Invest to save: measures over four years, what they cost, what they change, the four tests.

`plan` is what a user chose, `catalogue` the measures there are, `effects` and `incentive` turn them
into what drives the service, `money` prices every line, `answer` puts the whole answer together.
"""
