"""Did it work there? What happened in a council after a year, beside a mix of other councils.

The mix (a synthetic control) is made of councils that are not known to have acted, weighed so that
it went as the council did until that year. It shows what happened after, and not why.
"""
