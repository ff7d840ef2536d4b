"""Turns what people write into facts: addresses and pasted pins into places, phone numbers into E.164.

Import the parts by name (`dispatch.intake.address`, `.gazetteer`, `.geocode`, `.phones`, `.pins`): nothing is loaded here,
so that a command which needs none of them does not wait for their libraries.
"""
