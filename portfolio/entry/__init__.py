"""Entering rows: what a form fills in by itself, what it asks about and what it refuses.

`form` is the door's side; `completion`, `charges`, `checks` and `effect` say one thing each about one row, which is an
unsaved `Transaction`; `balances` and `quotes` look up what is held and what the market said. Knows no requests.
"""
