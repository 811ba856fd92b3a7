"""Arithmetic on frozen ledgers: NumPy in, frozen dataclasses out. Knows nothing of Django, files, the clock or the network.

Signs, everywhere in this package: + quantity = units arrive; + amount = cash arrives; + external flow = value
enters the household's portfolio. Days are whole numbers since 1970-01-01; daily arrays have dates as rows.
"""
