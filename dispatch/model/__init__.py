"""The nouns of the trade: frozen dataclasses and their JSON codec, on the standard library alone.

Each file is one subject; import from the file (`from dispatch.model.booking import Booking`).
"""
