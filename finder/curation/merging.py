"""Merges two groups that are one, and undoes that exactly; nothing is merged by itself."""

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from finder.curation.reassessing import reassess
from finder.models import (
    DuplicatePair,
    Evidence,
    Group,
    GroupReply,
    GroupStatement,
    Inquiry,
    Meeting,
    Merge,
    PairState,
    Suggestion,
    User,
)
from finder.search import index

# What is said of the group that goes is said of the one that stays, and comes back with it.
_FOLLOWS: dict[str, type[models.Model]] = {
    "meeting": Meeting,
    "evidence": Evidence,
    "reply": GroupReply,
    "statement": GroupStatement,
    "inquiry": Inquiry,
    "suggestion": Suggestion,
}


class CannotMerge(Exception):
    """The groups cannot be merged, or parted again; the message is a sentence for the curator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def merge(
    kept: Group,
    gone: Group,
    *,
    joined: Iterable[tuple[int, int]] = (),
    by: User,
    now: datetime,
) -> Merge:
    """Let one group stand for both; its page, its meetings and its evidence are then one.

    ``joined`` pairs meetings of ``gone`` with the meetings of ``kept`` that are the same. Sources
    go on telling of their own meetings: nothing that they said is lost.
    """
    kept, gone = _held(kept.pk, gone.pk)
    pairs = [(int(old), int(new)) for old, new in joined]
    _check(kept, gone, pairs)
    concerned = _meetings_of(kept, gone)
    with pghistory.context(user=by.pk, view="curation.merge"):
        moved = {name: _ids(model, gone) for name, model in _FOLLOWS.items()}
        for name, model in _FOLLOWS.items():
            model.objects.filter(pk__in=moved[name]).update(group=kept)
        for old, new in pairs:
            Meeting.objects.filter(pk=old).update(merged_into=new)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
    made = Merge.objects.create(
        kept=kept, gone=gone, joined=pairs, moved=moved, made_by=by, made_at=now
    )
    _decide_pair(kept, gone, PairState.MERGED, by=by, now=now)
    _bring_up_to_date(kept, gone, concerned, now=now)
    return made


@transaction.atomic
def unmerge(made: Merge, *, by: User, now: datetime) -> None:
    """Part two groups again: each has what it had, and what was said since stays where it is."""
    made = Merge.objects.select_for_update().get(pk=made.pk)
    if made.undone_at is not None:
        raise CannotMerge(_("This merge was undone already."))
    kept, gone = _held(made.kept_id, made.gone_id)
    if kept.merged_into_id is not None:
        raise CannotMerge(_("The group that stayed was merged since: undo that first."))
    concerned = _meetings_of(kept, gone)
    with pghistory.context(user=by.pk, view="curation.unmerge"):
        for old, new in made.joined:
            Meeting.objects.filter(pk=old, merged_into=new).update(merged_into=None)
        for name, model in _FOLLOWS.items():
            rows = model.objects.filter(pk__in=made.moved.get(name, ()), group=kept)
            rows.update(group=gone)
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
    made.undone_by, made.undone_at = by, now
    made.save(update_fields=["undone_by", "undone_at"])
    _decide_pair(kept, gone, PairState.DIFFERENT, by=by, now=now)
    _bring_up_to_date(kept, gone, concerned, now=now)


def keep_apart(pair: DuplicatePair, *, by: User, now: datetime) -> None:
    """Note that two groups are not the same; they are not proposed again."""
    _decide_pair(pair.first, pair.second, PairState.DIFFERENT, by=by, now=now)


def _held(kept: int, gone: int) -> tuple[Group, Group]:
    rows = Group.objects.select_for_update(of=("self",)).select_related("program")
    found = {group.pk: group for group in rows.filter(pk__in=[kept, gone]).order_by("pk")}
    return found[kept], found[gone]


def _check(kept: Group, gone: Group, pairs: list[tuple[int, int]]) -> None:
    if kept.pk == gone.pk:
        raise CannotMerge(_("Choose two groups."))
    if kept.program_id != gone.program_id:
        raise CannotMerge(_("Groups of two programs are never one."))
    if kept.merged_into_id or gone.merged_into_id:
        raise CannotMerge(_("One of them was merged already."))
    if kept.awaits_consent != gone.awaits_consent:
        raise CannotMerge(_("One of them waits for its community's consent: settle that first."))
    olds, news = [old for old, _new in pairs], [new for _old, new in pairs]
    if len(set(olds)) < len(olds) or len(set(news)) < len(news):
        raise CannotMerge(_("Pair each meeting once."))
    free = Meeting.objects.filter(merged_into=None)
    if set(olds) - _ids_in(free, gone) or set(news) - _ids_in(free, kept):
        raise CannotMerge(_("A paired meeting is not of its group any more."))


def _ids_in(rows: models.QuerySet, group: Group) -> set[int]:
    return set(rows.filter(group=group).values_list("pk", flat=True))


def _ids(model: type[models.Model], group: Group) -> list[int]:
    return list(model.objects.filter(group=group).order_by("pk").values_list("pk", flat=True))


def _meetings_of(*groups: Group) -> list[int]:
    return list(Meeting.objects.filter(group__in=groups).values_list("pk", flat=True))


def _decide_pair(one: Group, other: Group, state: PairState, *, by: User, now: datetime) -> None:
    first, second = sorted([one.pk, other.pk])
    DuplicatePair.objects.filter(first=first, second=second).update(
        state=state, decided_by=by, decided_at=now
    )


def _bring_up_to_date(kept: Group, gone: Group, meetings: list[int], *, now: datetime) -> None:
    reassess([kept, gone], today=now.date())
    index.refresh(meetings)
