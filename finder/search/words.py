"""The words a listing can be found by, in four weights; never a credential or a contact."""

from django.conf.locale import LANG_INFO

from finder.models import Listing, Meeting, Program
from finder.vocab import Format

# A vector holds at most a megabyte; nobody searches the tail of a longer note.
NOTE_LENGTH = 4000
_FORMATS = {
    Format.IN_PERSON: "in person",
    Format.ONLINE: "online virtual",
    Format.HYBRID: "in person online virtual hybrid",
    Format.PHONE: "phone",
}


def title_words(meeting: Meeting) -> str:
    """The names of the meeting and its group."""
    return " ".join(dict.fromkeys([meeting.name, meeting.group.name]))


def place_words(meeting: Meeting) -> str:
    """Where it is, if one can go there."""
    place = meeting.place
    if not meeting.is_in_person or not place:
        return ""
    parts = (place.name, place.address, place.city, place.region, place.state, place.zip)
    return " ".join(filter(None, parts))


def note_words(meeting: Meeting) -> str:
    """What is said of it in passing."""
    return f"{meeting.notes} {meeting.group.notes}"[:NOTE_LENGTH].strip()


def tag_words(program: Program, listing: Listing) -> str:
    """Program, model and the words of its tags, so that "women beginners" finds them."""
    words = [program.name, program.short_name, program.slug, program.model]
    # Codes are plain words with hyphens, which the parser takes both whole and apart.
    words += [*listing.focus, *listing.access, *listing.types]
    words += [_language(code) for code in listing.languages]
    return " ".join([*filter(None, words), _FORMATS[listing.format]])


def _language(code: str) -> str:
    """Return the English name of a language (Django's own list), or its code."""
    names = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.partition("-")[0].lower()) or {}
    return names.get("name", code)
