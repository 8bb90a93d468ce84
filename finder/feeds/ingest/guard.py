"""Holds back a feed that looks broken: empty, shrunk, or with its identities changed."""

from finder.feeds.ingest.values import Match
from finder.models import Meeting

# More than one in five is not how a directory changes between two readings.
TOLERATED = 5


def reason_to_park(matches: list[Match], live: list[Meeting], *, accept_shrink: bool) -> str:
    """Return why a curator should look before this feed is applied, or ""."""
    if not matches:
        return "The feed is empty: it holds no meeting that can be kept. Nothing was changed."
    if accept_shrink or not live:
        return ""
    matched = {match.meeting.pk for match in matches if match.meeting}
    gone = sum(meeting.pk not in matched for meeting in live)
    if gone * TOLERATED > len(live):
        return (
            f"{gone:,} of {len(live):,} meetings are no longer in the feed, more than a fifth. "
            "Nothing was changed: look at the feed first."
        )
    renamed = sum(match.is_reidentified for match in matches)
    if renamed * TOLERATED > len(live):
        return (
            f"{renamed:,} of {len(live):,} meetings have another id than before, more than a "
            "fifth. Nothing was changed: look at the feed first."
        )
    return ""
