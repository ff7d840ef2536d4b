"""Why a booking is left out, and what a plan amounts to: for people; pure."""
