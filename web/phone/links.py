"""Links that open other apps on a therapist's phone: Waze, Google Maps, WhatsApp and the dialler.

The formats are those the makers document (Waze "Deep links", Google "Maps URLs", WhatsApp "Click to chat", RFC 3966).
"""

from urllib.parse import quote

from dispatch.model.kinds import TravelMode

UTM_SOURCE = "laluan"
"""Waze asks every app to name itself."""

_GOOGLE_MODES = {
    TravelMode.CAR: "driving",
    # Not in Google's own list, but honoured where two-wheeler routing exists; elsewhere it falls back to driving.
    TravelMode.MOTORBIKE: "two-wheeler",
    TravelMode.TRANSIT: "transit",
    TravelMode.WALK: "walking",
}


def _coordinates(lat: float, lon: float) -> str:
    """Write a point as the apps read it, six decimals (a tenth of a metre), the comma encoded."""
    return quote(f"{lat:.6f},{lon:.6f}", safe="")


def waze(lat: float, lon: float) -> str:
    """Give the link that starts Waze's navigation to a point; without the app it opens Waze on the web."""
    return f"https://waze.com/ul?ll={_coordinates(lat, lon)}&navigate=yes&utm_source={UTM_SOURCE}"


def google_maps(lat: float, lon: float, mode: TravelMode) -> str:
    """Give the link that starts Google's navigation from here to a point, by the therapist's way to travel."""
    return (
        f"https://www.google.com/maps/dir/?api=1&destination={_coordinates(lat, lon)}"
        f"&travelmode={_GOOGLE_MODES[mode]}&dir_action=navigate"
    )


def whatsapp(phone: str, text: str) -> str:
    """Give the link that opens a chat with a drafted text, or nothing where the number can have no WhatsApp.

    `phone` is in E.164 form. A Malaysian number is a mobile where +60 is followed by 1; fixed lines get no link.
    """
    digits = phone.removeprefix("+")
    if not digits.isdigit() or (digits.startswith("60") and not digits.startswith("601")):
        return ""
    return f"https://wa.me/{digits}?text={quote(text, safe='')}"


def dialler(phone: str) -> str:
    """Give the link that opens the dialler with a number in E.164 form, or nothing where there is none."""
    return f"tel:{phone}" if phone.startswith("+") and phone[1:].isdigit() else ""
