"""What people call the fields that errors name, so that no sentence speaks of `client.first_name`."""

from collections.abc import Mapping

from web.translate import translate

FIELD_LABELS: Mapping[str, str] = {
    "access_s": "Gate to door",
    "address_id": "Address",
    "area": "Area",
    "ask_about": "To ask about",
    "building_id": "Building",
    "cancelled_reason": "Reason for cancelling",
    "city": "City",
    "client_id": "Client",
    "complaints": "Complaints",
    "contact_id": "Contact",
    "contraindications": "To ask about",
    "day": "Day",
    "email": "E-mail",
    "end_place": "Goes home to",
    "fairness_carried_s": "Carried over",
    "first_name": "First name",
    "floor": "Floor",
    "gate_note": "Gate",
    "guard_words": "Words for the guard",
    "label": "Called",
    "language": "Language",
    "late_tolerance_s": "May start late by",
    "lift_note": "Lift",
    "links": "Link",
    "min_rest_s": "Rest since the day before",
    "minutes": "Minutes",
    "name": "Name",
    "never_therapists": "Never",
    "note": "Note",
    "only_therapists": "Only",
    "overtime_s": "Overtime",
    "pack_up_s": "Pack-up",
    "parking_note": "Parking",
    "password": "Password",
    "phone": "Phone",
    "point": "The place",
    "postcode": "Postcode",
    "preferred_therapists": "Likes",
    "priority": "Priority",
    "promise": "Promised",
    "question": "Question",
    "reason": "Reason",
    "relation": "Relation",
    "seats": "Therapists at once",
    "set_up_s": "Set-up",
    "source": "Source",
    "start_place": "Starts from",
    "street": "Street",
    "suits": "Suits",
    "techniques": "Techniques",
    "tower": "Tower or block",
    "treatment_id": "Treatment",
    "unit": "Unit",
    "valid_from": "Valid from",
    "value_sen": "Price",
    "windows": "Windows",
    "limits.consecutive_s": "Work without a rest",
    "limits.rest_s": "A rest lasts at least",
    "limits.travel_s": "Travel a day",
    "limits.visits": "Visits a day",
    "limits.work_s": "Work a day",
    "roster.exceptions": "Dates that differ",
    "roster.pattern": "Every week",
}
"""Labels by the last part of an error's field; where that says too little, by its last two."""


def field_label(field: str) -> str:
    """Give what people call a field; one without a label is called by its own name in words."""
    last_two, last = ".".join(field.split(".")[-2:]), field.rpartition(".")[2]
    label = FIELD_LABELS.get(last_two) or FIELD_LABELS.get(last)
    return translate(label) if label else field.replace("_", " ")
