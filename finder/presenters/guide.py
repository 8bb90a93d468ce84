"""What each model of group is like, in our own words; programs bring theirs from the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.models import Program
from finder.presenters import words
from finder.search import phrases
from finder.vocab import Format, Model


@dataclass(frozen=True)
class ModelWords:
    """What a newcomer asks of one model."""

    happens: Promise
    spirit: Promise
    medication: Promise
    first_visit: Promise
    levels: Promise


@dataclass(frozen=True)
class Kind:
    """One model beside the others, with its programs."""

    code: str
    name: str
    words: ModelWords
    formats: str
    programs: tuple[Program, ...]


def kinds(programs: Iterable[Program]) -> list[Kind]:
    """Set the models side by side, in the vocabulary's order; a model without programs is left out.

    Invented programs are no example of anything.
    """
    rows = [program for program in programs if not program.is_demo]
    found = []
    for model in Model:
        own = tuple(program for program in rows if program.model == model)
        if own:
            formats = format_words({code for program in own for code in program.formats})
            found.append(Kind(model.value, str(model.label), MODELS[model], formats, own))
    return found


def format_words(codes: Iterable[str]) -> str:
    """Name how people meet, in the vocabulary's order; hybrid says nothing more than its parts.

    >>> format_words({"online", "in_person", "hybrid"})
    'In person, online'
    """
    known = [code for code in Format.values if code in set(codes) and code != Format.HYBRID]
    named = ", ".join(phrases.lowered(words.format_words(code)) for code in known)
    return named[:1].upper() + named[1:]


MODELS = {
    Model.TWELVE_STEP: ModelWords(
        happens=_(
            "People sit together and someone reads from the program’s texts. Members take turns "
            "to speak about their own lives. Nobody comments on what you say."
        ),
        spirit=_(
            "Spiritual. The steps speak of a higher power, and you decide what that means. Some "
            "groups are secular."
        ),
        medication=_(
            "Each group decides. Some count you as a full member. Some ask you to listen only. "
            "Look at the group’s page."
        ),
        first_visit=_(
            "You need not sign up. A first name is enough. You can say: “I am just listening "
            "today.”"
        ),
        levels=_(
            "Listen; speak; come each week; help run the meeting; find a sponsor, who is a member "
            "who guides you; work the steps."
        ),
    ),
    Model.SMART: ModelWords(
        happens=_(
            "A trained leader helps people work on urges, feelings and plans, with tools from "
            "behavior therapy. People talk back and forth."
        ),
        spirit=_("Secular. No prayer and no higher power."),
        medication=_("SMART itself supports medication for addiction that a prescriber gives you."),
        first_visit=_(
            "Come a few minutes early, or join with your camera off. You can pass when it is your "
            "turn."
        ),
        levels=_(
            "Listen; check in; try the worksheets at home; come each week; train to lead meetings."
        ),
    ),
    Model.SECULAR: ModelWords(
        happens=_(
            "People talk about their week in their own words. In many groups others may answer."
        ),
        spirit=_("Secular. No steps to a higher power and no prayer."),
        medication=_(
            "LifeRing supports medication taken as prescribed. Of most others we found no "
            "statement."
        ),
        first_visit=_("Say your first name, or just listen. Nobody will ask what you believe."),
        levels=_(
            "Listen; speak of your week; use a workbook; come each week; help run the meeting."
        ),
    ),
    Model.BUDDHIST: ModelWords(
        happens=_("The group sits quietly, reads a passage, and then people share."),
        spirit=_("Drawn from Buddhist teaching. No belief is asked of you."),
        medication=_("We found no statement. Ask the group."),
        first_visit=_("You can sit on a chair with your eyes open. Say “pass” if you like."),
        levels=_(
            "Listen; sit with the group; share; write in answer to set questions; find a mentor or "
            "a friend in the group."
        ),
    ),
    Model.FAITH: ModelWords(
        happens=_("People pray or read scripture, and talk about faith and their own lives."),
        spirit=_("Religious. Guests of no faith or another faith are often welcome: ask first."),
        medication=_("We found no statement from most of them. It may differ from place to place."),
        first_visit=_("Expect prayer or scripture. You can sit and listen."),
        levels=_("Listen; share in a small group; come each week; find a sponsor; help out."),
    ),
    Model.WELLBRIETY: ModelWords(
        happens=_(
            "People sit in a circle and speak in turn, with teachings of the Medicine Wheel. Each "
            "community shapes its own circle."
        ),
        spirit=_("Spiritual, in the way of each community."),
        medication=_("Each circle and community decides. Ask first."),
        first_visit=_("Ask the circle if visitors are welcome, and how to come with respect."),
        levels=_("Each circle has its own ways. Listen first, and ask."),
    ),
    Model.MEDICATION: ModelWords(
        happens=_(
            "People on medication meet without shame. They talk about life, health and plans. Many "
            "of these groups meet at a clinic or online."
        ),
        spirit=_("Some use their own version of the twelve steps. Others are secular."),
        medication=_("Made for people on medication. Taking it as prescribed counts as recovery."),
        first_visit=_(
            "Ask your clinic which group meets there, or join one online. You can say what you "
            "take, or not."
        ),
        levels=_("Listen; speak; come each week; help run the meeting; support someone new."),
    ),
    Model.HARM_REDUCTION: ModelWords(
        happens=_("People talk about the change each has chosen. Any step to more safety counts."),
        spirit=_("Secular."),
        medication=_("Open to any goal. Nobody is asked to stop anything."),
        first_visit=_("You need no goal and no history. Come as you are. Leave when you like."),
        levels=_("Listen; read aloud; speak; come each week; help run the meeting."),
    ),
    Model.FAMILY: ModelWords(
        happens=_(
            "Families and friends share what helps them. Some read from texts. Some learn tools "
            "with a trained leader."
        ),
        spirit=_("Al-Anon and Nar-Anon are spiritual. SMART Family & Friends is secular."),
        medication=_(
            "These groups are for families. Some members may speak against medication. You need "
            "not agree."
        ),
        first_visit=_(
            "You need not tell anyone at home that you go. Come alone or with someone you trust."
        ),
        levels=_("Listen; share; come each week; learn and use the tools; help run the meeting."),
    ),
    Model.ACTIVITY: ModelWords(
        happens=_(
            "People do things side by side: sport, yoga, music, coffee. They talk as they go."
        ),
        spirit=_("Mostly secular."),
        medication=_("Programs differ. Ask the people who run it."),
        first_visit=_("Pick an event you like. Some ask for two days without alcohol or drugs."),
        levels=_("Come along; come each week; help as a volunteer."),
    ),
    Model.HUB: ModelWords(
        happens=_("One place or site with many kinds of meetings. People on every path share."),
        spirit=_("Open to every path. Meetings differ."),
        medication=_("Meetings differ. Ask the center or the host."),
        first_visit=_("Drop in, or pick a meeting online, and look around."),
        levels=_("Listen; share; come each week; volunteer at the center."),
    ),
}


@dataclass(frozen=True)
class Column:
    """One program beside others; texts are in the reader's language where we have them."""

    program: Program
    happens: str
    spirit: str
    position: str
    formats: str
    first_visit: str
    levels: str


def column(program: Program) -> Column:
    """Make one program ready to stand beside others."""
    return Column(
        program=program,
        happens=words.translated(program.what_happens),
        spirit=str(SPIRIT[program.is_secular]),
        position=words.translated(program.position),
        formats=format_words(program.formats),
        first_visit=words.translated(program.first_visit),
        levels=str(MODELS[Model(program.model)].levels),
    )


SPIRIT = {
    True: _("Secular."),
    False: _("Spiritual or religious."),
    None: _("Not known, or it differs."),
}
