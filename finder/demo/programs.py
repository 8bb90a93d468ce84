"""Two invented programs: only they may show mixed reports, limits or a caution."""

from finder.vocab import Format, Model

_POSITION = "This program does not exist. It stands here so that every kind of label can be seen."


def _invented(slug: str, name: str, *, model: str, sentence: str) -> dict:
    return {
        "slug": slug,
        "name": f"{name} (invented)",
        "short_name": f"{name} (invented)",
        "sort_key": name.casefold(),
        "model": model,
        "is_secular": model == Model.SECULAR,
        "is_demo": True,
        "target": "Nobody: an invented program for demonstrations.",
        "substances": ["any"],
        "formats": [Format.IN_PERSON, Format.ONLINE, Format.HYBRID, Format.PHONE],
        "languages": ["en"],
        "size": "Invented.",
        "what_happens": "People would sit in a circle and speak in turn. You could just listen.",
        "first_visit": "There is no meeting to visit: this program is invented.",
        "support_word": "support person",
        "position": _POSITION,
        "position_sentence": sentence,
        "position_source": "Invented",
        "position_date": "invented",
    }


INVENTED = (
    _invented(
        "lantern-circle",
        "Lantern Circle",
        model=Model.HUB,
        sentence="An invented program: each circle would decide.",
    ),
    _invented(
        "harbor-table",
        "Harbor Table",
        model=Model.SECULAR,
        sentence="An invented program: each table would decide.",
    ),
)
