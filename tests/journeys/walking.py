"""One way of going through the site for each kind of visitor: by keyboard, at 400 %, no scripts.

A journey is written once, in what a person does; how it is done belongs here.
"""

from tests.journeys.keyboard import Keyboard
from tests.journeys.watching import assert_accessible, assert_fits, assert_no_trace

# How each visitor's browser is opened. 1280 by 1024 at 400 % leaves 320 by 256.
WAYS = {
    "keyboard": {"width": 1280, "height": 800},
    "zoomed": {"width": 320, "height": 256},
    "without scripts": {"width": 1280, "height": 800, "java_script_enabled": False},
}


class Walker:
    """A visitor who goes one of the ways; looks at every page that is come to."""

    def __init__(self, visit, start, way):
        self.page, self.start, self.way = visit(**WAYS[way]), start, way
        self.keys = Keyboard(self.page)

    @property
    def is_by_keyboard(self):
        return self.way == "keyboard"

    @property
    def has_scripts(self):
        return WAYS[self.way].get("java_script_enabled", True)

    @property
    def words(self):
        """What the page says."""
        return self.page.locator("main").inner_text()

    def open(self, path, heading):
        """Come to a page by its address."""
        self.page.goto(self.start + path)
        self._arrive(heading)

    def press(self, name, heading):
        """Press a link or a button, and come to what it leads to."""
        if self.is_by_keyboard:
            self.keys.to(name, most=150)
            self.keys.press("Enter")
        else:
            self._control(name).click()
        self._arrive(heading)

    def unfold(self, name):
        """Open what is folded under a line."""
        if self.is_by_keyboard:
            self.keys.to(name, most=150)
            self.keys.press("Enter")
        else:
            self.page.locator("summary", has_text=name).first.click()

    def fill(self, label, text):
        if self.is_by_keyboard:
            self.keys.to(label)
            self.keys.type(text)
        else:
            self.page.get_by_label(label).first.fill(text)

    def select(self, label, option):
        """Choose from a list; by keyboard by typing its beginning."""
        if self.is_by_keyboard:
            self.keys.to(label)
            self.keys.type(option)
        else:
            self.page.get_by_label(label).first.select_option(label=option)

    def choose(self, answer):
        """Choose one of several round buttons."""
        if self.is_by_keyboard:
            self.keys.choose(answer)
        else:
            self.page.locator("label").get_by_text(answer, exact=True).first.click()

    def tick(self, label):
        if self.is_by_keyboard:
            self.keys.to(label, most=150)
            self.keys.press("Space")
        else:
            self.page.locator("label").get_by_text(label, exact=True).first.click()

    def leave_no_trace(self):
        """Nothing stayed behind, and nobody else was asked."""
        assert_no_trace(self.page, self.start)
        if self.has_scripts:
            kept = "[localStorage.length, sessionStorage.length]"
            assert self.page.evaluate(kept) == [0, 0]

    def _control(self, name):
        either = self.page.get_by_role("link", name=name).or_(
            self.page.get_by_role("button", name=name)
        )
        return either.first

    def _arrive(self, heading):
        self.page.get_by_role("heading", name=heading).first.wait_for()
        assert_fits(self.page)
        # axe is a script itself.
        if self.has_scripts:
            assert_accessible(self.page)
