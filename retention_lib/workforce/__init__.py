"""The service month by month: staff by experience, vacancies, agency cover, cases.

`luck` turns chances into whole people, `engine` plays a service forward, `baseline` says how it
would go anyway, `published` starts it from a council's published figures.
"""
