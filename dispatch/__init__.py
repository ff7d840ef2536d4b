"""The core of Laluan: it decides which therapist goes where and when, and works without the web."""

__version__ = "0.1.0"
