"""Makes sheets of cards: the codes are returned once, for printing, and never again."""

from datetime import date
from uuid import UUID

from django.db import transaction

from finder.cards.codes import hashes, new_code
from finder.models import CARDS_LAST, CardSheet, PaperCard, User

MOST = 200


@transaction.atomic
def make_sheet(
    *, note: str, count: int, by: User, today: date, clinic: UUID | None = None
) -> tuple[CardSheet, list[str]]:
    """Make a sheet and return it with its codes."""
    if not 1 <= count <= MOST:
        raise ValueError(f"A sheet has 1 to {MOST} cards.")
    sheet = CardSheet.objects.create(
        note=note, clinic=clinic, made_by=by, made_on=today, expires_on=today + CARDS_LAST
    )
    codes = [new_code() for _ in range(count)]
    PaperCard.objects.bulk_create(
        PaperCard(sheet=sheet, code_hash=hashes(code)[0]) for code in codes
    )
    return sheet, codes


def revoke(sheet: CardSheet, *, today: date) -> None:
    """Void the cards of a sheet that were not used: it was lost, say."""
    if sheet.revoked_on is None:
        sheet.revoked_on = today
        sheet.save(update_fields=["revoked_on"])
