"""Imports only point down: the table of who may import whom, and the reader that holds it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400

VALUES = ["finder.vocab", "finder.schedule", "finder.geo", "finder.freshness"]
PURE = [*VALUES, "finder.acceptance"]
CORE = [*PURE, "finder.models"]
DOORS = ["finder.models", "finder.search", "finder.vocab", "finder.acceptance"]
CLINIC = ["referrals.models", "referrals.permissions", "referrals.audit"]

# A room is a module or a package with all that is in it; the longest name that fits counts.
# Beside each: the rooms it may import from. A room may always import from itself.
ROOMS = {
    # Pure rules: no models, no HTTP.
    "finder.vocab": [],
    "finder.schedule": ["finder.vocab"],
    "finder.geo": ["finder.vocab"],
    "finder.freshness": ["finder.vocab"],
    "finder.acceptance": VALUES,
    "finder.codes": ["finder.vocab"],
    # Models.
    "finder.models": PURE,
    # Capabilities.
    # How many rows are written at once.
    "finder.bulk": [],
    "finder.copying": [],
    "finder.search": [*CORE, "finder.bulk", "finder.copying"],
    "finder.feeds": [*VALUES, "finder.cells", "finder.codes"],
    "finder.feeds.ingest": [
        *[*CORE, "finder.feeds", "finder.search", "finder.curation"],
        *["finder.bulk", "finder.sealing"],
    ],
    "finder.feeds.publish": [*CORE, "finder.feeds", "finder.search"],
    # The only rooms that reach into the network.
    "finder.feeds.network": [],
    "finder.feeds.fetch": ["finder.feeds.network"],
    "finder.feeds.bmlt_server": ["finder.feeds", "finder.feeds.fetch", "finder.feeds.network"],
    "finder.feeds.pulling": [
        *["finder.models", "finder.feeds", "finder.feeds.ingest", "finder.feeds.network"],
        *["finder.feeds.fetch", "finder.feeds.bmlt_server", "finder.outbox"],
    ],
    "finder.catalogue": ["finder.vocab", "finder.acceptance", "finder.models"],
    "finder.curation": [*CORE, "finder.search", "finder.bulk", "finder.copying"],
    "finder.outbox": ["finder.models"],
    # What visitors and service bodies send in, and the letters that answer them.
    "finder.sealing": [],
    "finder.secret_links": [],
    "finder.limits": ["finder.models"],
    "finder.letters": ["finder.models", "finder.outbox", "finder.sealing"],
    "finder.lane": [
        *[*CORE, "finder.curation", "finder.letters"],
        *["finder.sealing", "finder.secret_links"],
    ],
    "finder.suggestions": [
        *[*CORE, "finder.search", "finder.curation", "finder.lane", "finder.letters"],
        *["finder.sealing", "finder.secret_links"],
    ],
    "finder.letter_jobs": [
        "finder.lane",
        "finder.letters",
        "finder.limits",
        "finder.outbox",
        "finder.suggestions",
    ],
    # Asking groups, and the paper cards of clinics.
    "finder.asking": [*CORE, "finder.search", "finder.curation"],
    "finder.cards": [*CORE, "finder.curation"],
    "finder.cells": [],
    # Collects what can be translated; only its command and the tests use it.
    "finder.translating": [],
    "finder.demo": [*CORE, "finder.bulk", "finder.catalogue", "finder.copying"],
    # What the worker does: named by the settings, imported by nobody.
    "finder.jobs": [
        *["finder.models", "finder.asking", "finder.curation", "finder.feeds.pulling"],
        *["finder.outbox", "finder.search"],
    ],
    # What pages of both apps say of a meeting, a group and an assessment; no HTML, no HTTP.
    "finder.presenters": [*CORE, "finder.search", "finder.feeds"],
    # Edges: never each other.
    "finder.requests": ["finder.search", "finder.vocab"],
    "finder.forms": [*CORE, "finder.search", "finder.presenters"],
    "finder.listing_fields": ["finder.vocab", "finder.models", "finder.presenters"],
    "finder.views": [
        *[*CORE, "finder.search", "finder.curation", "finder.feeds", "finder.presenters"],
        *["finder.forms", "finder.requests", "finder.listing_fields", "finder.limits"],
        *["finder.lane", "finder.secret_links", "finder.suggestions", "finder.cards"],
    ],
    "finder.api": [
        *[*CORE, "finder.search", "finder.presenters", "finder.requests"],
        *["finder.feeds.publish", "finder.logs", "finder.middleware"],
    ],
    "finder.admin": [
        *[*CORE, "finder.search", "finder.curation", "finder.feeds", "finder.forms"],
        *["finder.feeds.fetch", "finder.feeds.network", "finder.feeds.pulling"],
        *["finder.feeds.ingest", "finder.outbox", "finder.presenters"],
        *["finder.lane", "finder.listing_fields", "finder.suggestions"],
        *["finder.asking", "finder.cards", "finder.cells"],
    ],
    "finder.templatetags": [*PURE, "finder.presenters"],
    "finder.management": [
        *[*CORE, "finder.search", "finder.curation", "finder.feeds", "finder.feeds.ingest"],
        *["finder.feeds.fetch", "finder.feeds.network", "finder.feeds.bmlt_server"],
        *["finder.feeds.publish", "finder.outbox", "finder.catalogue", "finder.demo"],
        "finder.bulk",
        *["finder.asking", "finder.translating"],
    ],
    "finder.context": [],
    "finder.rendering": [],
    "finder.static_files": [],
    # The composition root: imported by nothing else.
    "finder": [],
    "finder.env": [],
    "finder.logs": [],
    "finder.settings": ["finder.env", "finder.logs"],
    "finder.middleware": [],
    "finder.checks": [],
    "finder.apps": ["finder.checks"],
    "finder.health": [],
    "finder.urls": ["finder.views", "finder.api", "finder.admin", "finder.health"],
    "finder.wsgi": [],
    # Before Django is there: dev.py and the containers use these.
    "finder.localdb": [],
    "finder.localenv": [],
    "finder.roles": [],
    # The clinic's side.
    "referrals": [],
    "referrals.sealed": [],
    "referrals.tenancy": [],
    "referrals.models": ["finder.models", "finder.vocab", "referrals.sealed", "referrals.tenancy"],
    "referrals.permissions": ["referrals.models", "finder.models"],
    "referrals.audit": ["referrals.models", "referrals.tenancy", "finder.models"],
    # One decision on all that leaves, and the two sides of a consent.
    "referrals.consent": [
        *[*CLINIC, "finder.models", "referrals.notices", "referrals.tasks", "referrals.tenancy"],
    ],
    "referrals.matching": ["finder.search", "finder.vocab", "finder.acceptance"],
    "referrals.handouts": [*DOORS, "finder.schedule", "finder.presenters", "referrals.models"],
    "referrals.calendars": [
        *["finder.models", "finder.presenters", "finder.schedule"],
        *["referrals.handouts", "referrals.models"],
    ],
    "referrals.notices": ["referrals.models"],
    # Tokens of programs, and how the API reads them.
    "referrals.tokens": [
        *[*CLINIC, "finder.models", "finder.secret_links", "referrals.tenancy"],
    ],
    "referrals.authentication": [
        *["finder.limits", "finder.requests", "referrals.models", "referrals.tokens"],
    ],
    # A superuser's opening of one organization, for an hour.
    "referrals.emergency": [*CLINIC, "finder.models", "referrals.notices", "referrals.tenancy"],
    # Low down: what is done along a plan, and what is to do.
    "referrals.steps": [*CLINIC, "finder.models"],
    "referrals.tasks": [*CLINIC, "finder.models"],
    "referrals.lifecycle": [
        *[*CLINIC, "finder.models", "referrals.steps", "referrals.tasks"],
        *["referrals.consent", "referrals.sealed", "referrals.tenancy"],
    ],
    "referrals.caseload": [*CLINIC, "finder.models", "referrals.sealed", "referrals.tenancy"],
    "referrals.onboarding": [*CLINIC, "finder.models", "referrals.accounts", "referrals.tenancy"],
    "referrals.resealing": ["referrals.models", "referrals.sealed", "referrals.tenancy"],
    # Encrypted copies, and restoring one.
    "referrals.backup": [
        *["finder.models", "referrals.audit", "referrals.consent", "referrals.models"],
        *["referrals.retention", "referrals.tenancy"],
    ],
    # How long things are kept, and deleting them with all that hangs on them.
    "referrals.belonging": ["referrals.models"],
    "referrals.retention": [
        *["referrals.models", "referrals.audit", "referrals.belonging", "referrals.consent"],
        "referrals.tenancy",
    ],
    # What a step sets in motion, and the work of one member.
    "referrals.linkage": [
        *[*CLINIC, "finder.models", "finder.vocab", "referrals.lifecycle"],
        *["referrals.steps", "referrals.tasks"],
    ],
    # People of groups who meet newcomers.
    "referrals.newcomers": [
        *[*CLINIC, "finder.models", "referrals.lifecycle", "referrals.steps"],
    ],
    # A clinic's own lists of meetings.
    "referrals.shortlists": [*CLINIC, "finder.models", "referrals.lifecycle"],
    # A patient's own page: its links, and what is told there.
    "referrals.sharing": [
        *[*CLINIC, "finder.models", "finder.secret_links", "referrals.lifecycle"],
        *["referrals.sealed", "referrals.tasks", "referrals.tenancy"],
    ],
    # Everything that is held of one patient, for that patient.
    "referrals.held": ["referrals.models"],
    "referrals.checkins": [
        *[*CLINIC, "finder.models", "finder.curation", "finder.vocab", "finder.acceptance"],
        *["referrals.lifecycle", "referrals.sharing", "referrals.steps", "referrals.tasks"],
        "referrals.tenancy",
    ],
    # What the worker does for clinics: named by the settings, imported by nobody.
    "referrals.jobs": [
        *["finder.outbox", "referrals.checkins", "referrals.linkage", "referrals.models"],
        *["referrals.audit", "referrals.tenancy"],
    ],
    "referrals.exporting": [
        *[*CLINIC, "finder.models", "referrals.consent", "referrals.reports"],
    ],
    "referrals.reports": [*CLINIC, "finder.models", "finder.vocab"],
    "referrals.suggested": [
        *["finder.search", "finder.presenters", "referrals.matching", "referrals.lifecycle"],
    ],
    "referrals.guards": [*CLINIC, "referrals.consent", "referrals.emergency", "referrals.tenancy"],
    "referrals.forms": [
        *[*DOORS, "finder.presenters", "referrals.matching", "referrals.handouts"],
        *["referrals.models", "referrals.checkins", "referrals.consent", "referrals.steps"],
    ],
    "referrals.views": [
        *["referrals.second_step", "referrals.tokens", "referrals.emergency"],
        *[*DOORS, "finder.schedule", "finder.presenters", "finder.requests", *CLINIC],
        *["referrals.caseload", "referrals.consent", "referrals.forms", "referrals.guards"],
        *["referrals.handouts", "referrals.lifecycle", "referrals.matching"],
        *["referrals.onboarding", "referrals.suggested", "referrals.tenancy"],
        *["referrals.checkins", "referrals.linkage", "referrals.sharing", "referrals.steps"],
        *["referrals.tasks", "referrals.held", "referrals.newcomers", "finder.limits"],
        "referrals.shortlists",
        *["finder.cells", "referrals.calendars", "referrals.exporting", "referrals.reports"],
        "referrals.second_step",
    ],
    # An edge beside the other API: what they share is how both answer.
    "referrals.api": [
        *["finder.api", "finder.models", "finder.vocab", *CLINIC, "referrals.authentication"],
        *["referrals.caseload", "referrals.checkins", "referrals.forms", "referrals.lifecycle"],
        *["referrals.consent", "referrals.emergency", "referrals.matching", "referrals.suggested"],
        "referrals.tenancy",
    ],
    "referrals.admin": ["referrals.models"],
    "referrals.management": [
        *[*DOORS, *CLINIC, "referrals.backends", "referrals.caseload", "referrals.forms"],
        *["referrals.lifecycle", "referrals.matching", "referrals.onboarding"],
        *["referrals.resealing", "referrals.sealed", "referrals.suggested", "referrals.tenancy"],
        *["referrals.accounts", "referrals.backup", "referrals.retention", "referrals.tokens"],
    ],
    # Signing in: who may, the second step, and what stands before every private page.
    "referrals.backends": ["finder.models"],
    "referrals.second_step": ["finder.models", "referrals.backends"],
    "referrals.passwords": ["finder.models", "referrals.models"],
    "referrals.accounts": [
        *[*CLINIC, "finder.models", "finder.limits", "finder.requests", "finder.sealing"],
        *["referrals.second_step", "referrals.tenancy"],
    ],
    "referrals.middleware": ["finder.middleware", "referrals.second_step"],
    "referrals.apps": [],
    "referrals.urls": ["referrals.views"],
}
# Narrower than its room: the one function that may be taken from there.
ONLY = {("referrals.checkins", "finder.curation"): {"record_evidence"}}
APPS = ("finder", "referrals")


def sources():
    """Give the text of every module by its dotted name; migrations are written by a tool."""
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def room_of(name):
    """Give the longest room that holds a module; an app's own name holds only itself."""
    fitting = [
        room for room in ROOMS if name == room or (room not in APPS and name.startswith(f"{room}."))
    ]
    return max(fitting, key=len, default=None)


def imports(name, tree, known):
    """Yield (module, names) for each import of ours, relative ones included."""
    is_package = any(other.startswith(f"{name}.") for other in known)
    package = name.split(".") if is_package else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names if is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if is_ours(module):
                for alias in node.names:
                    inner = f"{module}.{alias.name}"
                    yield (inner, []) if inner in known else (module, [alias.name])


def is_ours(module):
    return module.split(".")[0] in APPS


def complaints(modules):
    """Say, a sentence each, what in these modules breaks the rules."""
    for name, text in sorted(modules.items()):
        tree = ast.parse(text)
        room = room_of(name)
        if room is None:
            yield f"{name} has no room: give it a line in ROOMS."
            continue
        if len(text.splitlines()) > MOST_LINES:
            yield f"{name} has more than {MOST_LINES} lines."
        yield from hidden_imports(name, tree)
        for module, names in imports(name, tree, set(modules)):
            target = room_of(module)
            if target != room and target not in ROOMS[room]:
                yield f"{name} may not import {module}."
            if any(word.startswith("_") and not word.startswith("__") for word in names):
                yield f"{name} imports a private name of {module}."
            only = ONLY.get((room, target))
            if only and not set(names) <= only:
                yield f"{name} may import only {', '.join(only)} of {module}."


def hidden_imports(name, tree):
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{name} imports inside a function (line {node.lineno})."


def test_modules_keep_to_the_table():
    assert list(complaints(sources())) == []


def test_table_names_only_rooms_it_has():
    named = {room for rooms in ROOMS.values() for room in rooms}

    assert named <= set(ROOMS)


def test_finder_never_imports_referrals():
    upward = [
        (room, target)
        for room, targets in ROOMS.items()
        for target in targets
        if room.startswith("finder") and target.startswith("referrals")
    ]

    assert upward == []


def test_rooms_form_no_ring():
    for room in ROOMS:
        reached, waiting = set(), list(ROOMS[room])
        while waiting:
            target = waiting.pop()
            if target not in reached:
                reached.add(target)
                waiting += ROOMS[target]

        assert room not in reached, f"{room} comes back to itself."


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("finder.search.extra", "from referrals.models import Plan", "may not import"),
        ("finder.search.extra", "import referrals.models", "may not import"),
        ("finder.models.extra", "from finder import search", "may not import finder.search"),
        ("finder.feeds.extra", "from finder.models import Group", "may not import"),
        ("finder.feeds.extra", "from ..models import Group", "may not import"),
        ("finder.vocab", "def f():\n    import finder.settings", "inside a function"),
        ("referrals.lifecycle", "from finder.search import query", "may not import"),
        ("referrals.checkins", "from finder.curation import reassess", "may import only"),
        ("finder.views.extra", "from finder.search import _hidden", "private name"),
        ("finder.shelf", "", "has no room"),
        ("finder.vocab", "x = 1\n" * 401, "more than 400 lines"),
    ],
)
def test_reader_notices(name, text, complaint):
    modules = {"finder.search": "", "finder.models": "", "finder.feeds": "", name: text}

    assert any(complaint in sentence for sentence in complaints(modules))


def test_reader_lets_a_good_module_pass():
    good = "from finder.curation import record_evidence\nfrom . import models"

    assert list(complaints({"referrals.checkins": good, "referrals.models": ""})) == []
