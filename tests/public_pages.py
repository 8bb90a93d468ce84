"""The addresses of all public pages, by the name of their route, for tests that read each one."""

PAGES = {
    "search": "/",
    "programs": "/programs/",
    "about": "/about/",
    "about-acceptance": "/about/acceptance/",
    "safety": "/safety/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "guide": "/guide/",
    "guide-compare": "/guide/programs/",
    "guide-research": "/guide/research/",
    "guide-family": "/guide/family/",
    "guide-pregnancy": "/guide/pregnancy/",
    "guide-under-18": "/guide/under-18/",
    "guide-court": "/guide/court/",
    "suggest": "/suggest/",
    "suggest-kind": "/suggest/new/",
    "card": "/card/",
    "group": "/groups/{group}/",
    "meeting": "/meetings/{meeting}/",
    "plan": "/plan/?m={meeting}",
    "plan-gaps": "/plan/gaps/?m={meeting}",
    "404": "/no-such-page/",
}
# Empty on purpose, files, pages behind one person's link, and programs, which are read as data.
OTHERS = {"blank", "plan-calendar", "search-map", "suggestion", "program"}
