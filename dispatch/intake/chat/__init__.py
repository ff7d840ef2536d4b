"""Reads a pasted chat into the draft of a booking: rules and dictionaries only, offline, the clock an argument.

Import the parts by name (`dispatch.intake.chat.reading` first of all): nothing is loaded here.
"""
