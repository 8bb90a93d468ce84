"""A visitor without a mouse: moves by Tab, acts by Enter and Space, and counts each press."""

FOCUSED = """name => {
  const here = document.activeElement;
  const words = (here.labels?.[0] ?? here).textContent.trim();
  return here.name === name || words === name || words.startsWith(name);
}"""
# Farther than this nobody should have to go for the next thing to do.
MOST_TABS = 60


class Keyboard:
    """Counts key actions beside typing: Tab, Enter, Space and the like."""

    def __init__(self, page):
        self.page, self.actions = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.actions += 1

    def type(self, text):
        self.page.keyboard.type(text)

    def to(self, name, *, most=MOST_TABS):
        """Go on with Tab until the control of that name, label or words has the focus."""
        for _step in range(most):
            self.press("Tab")
            if self.page.evaluate(FOCUSED, name):
                self._assert_seen()
                return
        raise AssertionError(f"{name} was not reached by Tab")

    def _assert_seen(self):
        """What has the focus is on the screen, and shows that it has it."""
        seen = self.page.evaluate(
            """() => {
              const here = document.activeElement, label = here.labels?.[0] ?? here;
              const box = label.getBoundingClientRect(), style = getComputedStyle(here);
              const drawn = getComputedStyle(label, "::before").outlineStyle;
              return {
                inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
                outlined: style.outlineStyle !== "none" || drawn !== "none",
              };
            }"""
        )
        assert seen == {"inView": True, "outlined": True}, seen

    def follow(self, name, *, key="Enter"):
        """Go to a link or button and press it; wait for the page it leads to."""
        self.to(name)
        with self.page.expect_navigation():
            self.press(key)

    def skip_to_content(self):
        """Take the first link of every page; a page opened at its content is there already."""
        if self.page.url.endswith("#main"):
            return
        self.press("Tab")
        with self.page.expect_navigation():
            self.press("Enter")

    def choose(self, answer, *, most=MOST_TABS):
        """Come to a group of radio buttons by Tab, and to one of them by the arrows."""
        group = f"""() => [...document.getElementsByName(document.activeElement.name ?? "")]
          .some((one) => one.type === "radio" && one.labels[0].textContent.trim() === "{answer}")"""
        for _step in range(most):
            self.press("Tab")
            if self.page.evaluate(group):
                break
        for _step in range(most):
            if self.page.evaluate(FOCUSED, answer):
                self._assert_seen()
                self.press("Space")
                return
            self.press("ArrowDown")
        raise AssertionError(f"{answer} was not reached by the keyboard")
