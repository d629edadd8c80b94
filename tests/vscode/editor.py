"""VS Code in a browser, used by its keys and looked at as a person does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from playwright.sync_api import Page, TimeoutError

from tests.contrast import contrast
from tests.vscode.install import CACHE
from tests.vscode.parts import HOVER, INPUT, LIST, PANEL, PATIENCE, QUICK_INPUT
from tests.vscode.pixels import Color, ground_and_ink, keep_small

T = TypeVar("T")

SCREENSHOTS = CACHE / "screenshots"
FOR_PEOPLE = SCREENSHOTS / "readme"  # `make screenshots` puts them into docs/images

MESSAGE = ".notification-toast .notification-list-item-message"

# The first picture and what it stands in, in CSS pixels; nothing while it is still being loaded or faded in.
MEASURE = """([picture]) => {
    if (!picture?.isConnected || !picture.complete) return null;
    const window = picture.closest('.monaco-resizable-hover, .suggest-details-container');
    if (window.getAnimations({subtree: true}).some(one => one.playState !== 'finished')) return null;
    const viewport = picture.closest('.monaco-scrollable-element');
    const content = viewport.firstElementChild;
    const grounds = [];
    for (let part = picture; part; part = part.parentElement) grounds.push(getComputedStyle(part).backgroundColor);
    const box = part => (({left, top, right, bottom}) => [left, top, right, bottom])(part.getBoundingClientRect());
    return {
        mark: picture.dataset.mark ??= String(Math.random()),
        natural: [picture.naturalWidth, picture.naturalHeight],
        box: box(picture),
        line: box(picture.parentElement),
        viewport: box(viewport),
        scrolls_sideways: content.scrollWidth > content.clientWidth,
        ground: grounds.find(color => color !== 'rgba(0, 0, 0, 0)'),
    };
}"""


VALUES = "inputs => inputs.map(input => input.value)"
LABELS = """rows => rows.sort((one, other) => one.dataset.index - other.dataset.index)
    .map(row => row.querySelector('.label-name')?.textContent)"""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the screen, in CSS pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, other: Box) -> bool:
        """Whether the other one lies inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a formula, as it is on the screen."""

    natural: tuple[int, int]  # its own width and height
    box: Box
    line: Box  # of text that it stands in
    viewport: Box  # what is seen of the card
    scrolls_sideways: bool
    ground: Color  # of the hover or the panel
    pixels: tuple[Color, Color]  # most of the picture, and what stands out most in it

    @property
    def contrast(self) -> float:
        return contrast(*self.pixels)


class Editor:
    """A window of VS Code with a folder open."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.path = folder  # of the file
        self.text = ""  # of it
        self.typed = ""  # into it
        page.set_default_timeout(PATIENCE * 1000)

    def open(self, name: str) -> None:
        """Opens a file of the folder."""
        self.path = self.folder / name
        self.text = self.path.read_text("utf-8")
        self.ask("Control+P")
        self.pick(name, name)
        self.page.locator(f'.tab.active[data-resource-name="{name}"]').wait_for()
        self.page.locator(".monaco-editor.focused").wait_for()

    def cursor_after(self, text: str) -> None:
        """Puts the cursor behind the last place where `text` stands in the file."""
        before = self.text[: self.text.rindex(text) + len(text)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        self.page.keyboard.press("Control+G")
        self.page.locator(INPUT).fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.get_by_text(re.compile(rf"^Ln {line}, Col {column}$")).wait_for()
        self.page.locator(".monaco-editor.focused").wait_for()

    def use_theme(self, name: str, kind: str) -> None:
        """Changes the colour theme while everything runs, after which the window is of that kind."""
        self.page.keyboard.press("Control+K")
        self.page.keyboard.press("Control+T")
        self.pick(name, name)
        self.page.locator(f".monaco-workbench.{kind}").wait_for()

    def use_colours_of_machine(self, scheme: Literal["light", "dark"]) -> None:
        """Makes the machine light or dark, and with it a window that follows it."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.locator(f".monaco-workbench.{'vs-dark' if scheme == 'dark' else 'vs'}").wait_for()

    def point_at(self, text: str) -> None:
        """Rests the pointer on the first word that is this text."""
        word = self.page.locator(".view-line span", has_text=re.compile(rf"\b{re.escape(text)}\b")).last.bounding_box()
        assert word is not None
        for step in (0, 1):
            self.page.mouse.move(word["x"] + word["width"] / 2 + step, word["y"] + word["height"] / 2)

    def ask(self, key: str) -> None:
        """Opens a list of choices by its key; a window that is restarting its extensions may not hear it at once."""

        def is_open() -> bool:
            self.page.keyboard.press(key)
            with suppress(TimeoutError):
                self.page.locator(f"{INPUT}:visible").wait_for(timeout=5000)
                return True
            return False

        self.until(is_open, bool)

    def pick(self, text: str, choice: str) -> None:
        """Types a text over the list of choices that is open and takes what it leads to."""
        self.page.locator(INPUT).fill(text)
        self.page.locator(f'{QUICK_INPUT} .monaco-list-row.focused[aria-label^="{choice}"]').wait_for()
        self.page.keyboard.press("Enter")
        # What was chosen may ask for something itself.
        self.until(lambda: self.page.locator(f"{INPUT}:visible").evaluate_all(VALUES), lambda values: values != [text])

    def command(self, title: str) -> None:
        """Runs a command by its title."""
        self.close()
        self.ask("F1")
        self.pick(f">{title}", title)

    def saved(self) -> str:
        """The text of the file as it is now."""
        self.page.keyboard.press("Control+S")
        self.page.locator(".tab.active:not(.dirty)").wait_for()
        return self.path.read_text("utf-8")

    def ask_for_hover(self) -> None:
        self.close()
        self.page.keyboard.press("Control+K")
        self.page.keyboard.press("Control+I")

    def hover(self) -> Picture:
        """The picture in the hover at the cursor, asked for again where a change of the theme has just closed it."""
        self.until(self.has_hover, bool)
        return self.picture(HOVER)

    def has_hover(self) -> bool:
        """Whether the server answers already."""
        self.ask_for_hover()
        with suppress(TimeoutError):
            self.page.locator(f"{HOVER} img").first.wait_for(timeout=2000)
            return True
        return False

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=30)
        self.typed += text

    def take_back(self) -> None:
        """Closes what is open and erases what was typed."""
        self.close()
        for _ in self.typed:
            self.page.keyboard.press("Backspace")
        self.typed = ""

    def ask_for_list(self) -> None:
        self.close()
        self.page.keyboard.press("Control+Space")

    def open_panel(self) -> None:
        """Opens the panel beside the list, which VS Code remembers."""
        self.ask_for_list()
        self.until(self.labels, bool)
        self.page.keyboard.press("Control+Space")
        self.page.locator(PANEL).wait_for()

    def choose(self, label: str) -> None:
        """Goes down the list to an equation."""
        for _ in range(self.until(self.labels, lambda labels: label in labels).index(label)):
            self.page.keyboard.press("ArrowDown")

    def panel(self, name: str) -> Picture:
        """The picture in the panel beside the list, which is about the equation of that name."""
        return self.picture(f'{PANEL}:has(.header .type:text-is("{name}"))')

    def labels(self) -> list[str]:
        """What the list offers, from top to bottom; VS Code uses rows again in any order."""
        rows = self.page.locator(f"{LIST} .monaco-list-row")
        return [str(label) for label in rows.evaluate_all(LABELS)]

    def close(self) -> None:
        """Closes the list and the hover."""
        for part in (LIST, HOVER):
            if self.page.locator(part).count():
                self.page.keyboard.press("Escape")
            self.page.locator(part).wait_for(state="hidden")

    def picture(self, where: str) -> Picture:
        """The first picture there, as soon as it stands still."""
        picture = self.until(lambda: self.look(where), lambda seen: seen is not None)
        assert picture is not None
        return picture

    def look(self, where: str) -> Picture | None:
        """The first picture there, unless it was taken away meanwhile: lists and panels are drawn anew as one types."""
        images = self.page.locator(f"{where} img")
        seen: dict[str, Any] | None = images.evaluate_all(MEASURE)
        if seen is None:
            return None
        box = Box(*seen["box"])
        png = self.page.screenshot(clip={"x": box.left, "y": box.top, "width": box.width, "height": box.height})
        if images.evaluate_all(MEASURE) != seen:
            return None
        return Picture(
            natural=tuple(seen["natural"]),
            box=box,
            line=Box(*seen["line"]),
            viewport=Box(*seen["viewport"]),
            scrolls_sideways=seen["scrolls_sideways"],
            ground=as_color(seen["ground"]),
            pixels=ground_and_ink(png),
        )

    def messages(self) -> list[str]:
        """The messages that VS Code shows, of which there is at least one."""
        self.page.locator(MESSAGE).first.wait_for()
        return self.toasts()

    def toasts(self) -> list[str]:
        """The messages that VS Code shows, if any."""
        return [str(text) for text in self.page.locator(MESSAGE).all_inner_texts()]

    def buttons(self) -> list[str]:
        """What the messages offer to do."""
        return [str(text) for text in self.page.locator(".notification-toast .monaco-text-button").all_inner_texts()]

    def until(self, look: Callable[[], T], good: Callable[[T], bool]) -> T:
        """What `look` gives as soon as it is good."""
        end = time.monotonic() + PATIENCE
        while not good(seen := look()):
            assert time.monotonic() < end, f"not seen within {PATIENCE} s, but {seen}"
            self.page.wait_for_timeout(50)
        return seen

    def screenshot(self, name: str) -> None:
        """Keeps a picture of the window in a file of about that name."""
        self.page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-zA-Z0-9.]+', '-', name).strip('-')}.png")

    def picture_for_people(self, name: str) -> int:
        """Keeps a picture of the file and what is shown over it, and says how many bytes it has."""
        return keep_small(self.page.locator(".part.editor").screenshot(), FOR_PEOPLE / name)


def as_color(css: str) -> Color:
    """A colour as a browser names it."""
    red, green, blue = (int(number) for number in re.findall(r"\d+", css)[:3])
    return red, green, blue
