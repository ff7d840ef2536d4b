"""The use cases: one function is one transaction is one sentence, checked for who may, written into the audit.

Import from the file of the subject (`from dispatch.work.bookings import add_booking`). Every function's first
arguments are the `Services` and the `Actor` who acts.
"""
