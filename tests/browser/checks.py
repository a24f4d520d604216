"""Checks that every page must pass. Each returns its complaints, one line each.

They run on one page one after the other, because loading a page costs more than checking it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browsers import AXE_RULES

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
Check = Callable[[Page], Awaitable[list[str]]]

# Read with every page and run where a check asks for it: to send it each time costs more than to run it.
_AXE = f"window.readAxe = () => {{ {Axe().axe_script} }};"
_RUN_AXE = """async rules => {
  if (!window.axe) readAxe();
  const found = await axe.run(document, rules);
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html} ${node.failureSummary}`));
}"""

_RULES = {**AXE_RULES, "resultTypes": ["violations"]}
# What another screen and other colours can change about a page that passed all rules.
_OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
_RULES_OF_LOOKS = {"runOnly": {"type": "rule", "values": _OF_LOOKS}, "resultTypes": ["violations"]}

# How a page is made, without what it says: elements, attributes, whether there is text; of equal neighbours, one. An id
# is how often it is there, a reference what it finds, a field how many labels it has.
_MADE = r"""() => {
  const worded = new Set(["name", "value", "href", "action", "title", "aria-label", "alt", "nonce", "max", "min",
    "maxlength", "datetime"]);
  const names = new Set(["id", "for", "aria-labelledby", "aria-describedby"]);
  const found = ids => ids.split(/\s+/).filter(Boolean)
    .map(id => document.querySelectorAll("#" + CSS.escape(id)).length).join();
  const language = code => ["sv", "en"].includes(code) ? "spoken" : code;
  const made = one => {
    if (one.nodeType === Node.TEXT_NODE) return one.data.trim() ? "text" : "";
    if (one.nodeType !== Node.ELEMENT_NODE || one.matches("script, style")) return "";
    const attributes = [...one.attributes].map(said =>
      worded.has(said.name) ? `${said.name}${said.value.trim() ? "" : "=empty"}`
      : names.has(said.name) ? `${said.name}=${found(said.value)}`
      : ["lang", "hreflang"].includes(said.name) ? `${said.name}=${language(said.value)}`
      : `${said.name}=${said.value}`);
    if (one.labels) attributes.push(`labels=${one.labels.length}`);
    const inside = [...one.childNodes].map(made).filter((what, at, all) => what && what !== all[at - 1]);
    if (one.matches(".langs")) inside.sort(); // the language that is spoken stands elsewhere in the other one
    return `<${one.localName} ${attributes.sort().join(" ")}>${inside.join("")}</>`;
  };
  return made(document.documentElement);
}"""


class Passed:
    """What axe had nothing against, in a folder that all processes of one run share."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.looked = 0

    def __contains__(self, made: str) -> bool:
        return self.folder is not None and (self.folder / _name(made)).exists()

    def add(self, made: str) -> None:
        self.looked += 1
        if self.folder is not None:
            (self.folder / _name(made)).touch()


def _name(made: str) -> str:
    return hashlib.sha256(made.encode()).hexdigest()


passed = Passed()

# What is cut off or sticks out of its box. Hidden words and the bar of progress have nothing to read.
_TOO_WIDE = """() => {
  const clipped = [...document.querySelectorAll("body *:not(.vh, .skip, input, progress, svg, svg *)")]
    .filter(one => {
      const style = getComputedStyle(one);
      const low = style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1;
      return style.display !== "inline" && one.clientWidth > 0 && (one.scrollWidth > one.clientWidth + 1 || low);
    }).map(one => `${one.outerHTML.slice(0, 120)}: ${one.scrollWidth} in ${one.clientWidth}`);
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return wider ? [...clipped, `${wider} px wider than 320 px`] : clipped;
}"""

# WCAG 1.4.12, by a constructed sheet: the content policy forbids any other.
_TOO_WIDE_WITH_WIDER_TEXT = f"""() => {{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {{ line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important }}
    p {{ margin-block-end: 2em !important }}`);
  document.adoptedStyleSheets = [sheet];
  const found = ({_TOO_WIDE})();
  document.adoptedStyleSheets = [];
  return found;
}}"""

# A label is the target of what it holds. A link in a sentence is as high as its line (WCAG 2.5.8 allows that).
_SMALL = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden])")].filter(one => {
  const box = (one.closest("label") || one).getBoundingClientRect();
  const inSentence = one.matches("a") && getComputedStyle(one).display === "inline";
  return box.width > 0 && !one.matches(".skip") && !inSentence && (box.height < LEAST || box.width < 24);
}).map(one => one.outerHTML.slice(0, 120))""".replace("LEAST", "43.5")

# Mirrored, every box stands as far from the right as it stood from the left.
_MIRRORED = f"""() => {{
  const boxes = way => {{
    document.documentElement.dir = way;
    return [...document.querySelectorAll("body *:not(bdi, svg *)")]
      .filter(one => getComputedStyle(one).display !== "inline" && one.offsetWidth > 1)
      .map(one => [one.outerHTML.slice(0, 100), one.getBoundingClientRect().left, one.getBoundingClientRect().right]);
  }};
  const [usual, mirrored, found] = [boxes("ltr"), boxes("rtl"), ({_TOO_WIDE})()];
  document.documentElement.dir = "ltr";
  return [usual, mirrored, found];
}}"""
_SAYS = """() => ({
  headings: document.querySelectorAll("h1").length,
  wrong: document.querySelector(".err") !== null,
  title: document.title,
  foot: document.querySelector("footer")?.innerText || "",
})"""


async def axe_finds_nothing(page: Page) -> list[str]:
    """Light on a wide screen, then dark on a narrow phone; once for all pages that differ in words only: it takes as
    long as all other checks together, and they look at every page.
    """
    made: str = await page.evaluate(_MADE)
    if made in passed:
        return []
    await look(page, WIDE)
    light: list[str] = await page.evaluate(_RUN_AXE, _RULES)
    await look(page, PHONE, dark=True)
    dark: list[str] = await page.evaluate(_RUN_AXE, _RULES_OF_LOOKS)
    await look(page, PHONE)
    if not light and not dark:
        passed.add(made)
    return light + [f"dark, 320 px: {finding}" for finding in dark]


async def fits_a_narrow_phone(page: Page) -> list[str]:
    await look(page, PHONE)
    found: list[str] = await page.evaluate(_TOO_WIDE)
    return found


async def bears_wider_text(page: Page) -> list[str]:
    """Lines, letters and words further apart than we set them."""
    await look(page, PHONE)
    found: list[str] = await page.evaluate(_TOO_WIDE_WITH_WIDER_TEXT)
    return found


async def can_be_hit(page: Page) -> list[str]:
    """With a thumb: 44 px high, and never narrower than 24."""
    small: list[str] = await page.evaluate(_SMALL)
    return small


async def turns_around(page: Page) -> list[str]:
    """For languages from right to left the page is its own mirror image."""
    await look(page, PHONE)
    usual, mirrored, found = await page.evaluate(_MIRRORED)
    return [*found] + [
        f"{html} stands at {left:.0f}-{right:.0f} both ways"
        for (html, left, right), (_, other_left, other_right) in zip(usual, mirrored, strict=True)
        if abs(left + other_right - 320) > 2 or abs(right + other_left - 320) > 2
    ]


async def says_what_it_is(page: Page) -> list[str]:
    """One heading, in the title too; an error in front of it when there is one; and how to reach a human."""
    says: dict[str, Any] = await page.evaluate(_SAYS)
    found = [] if says["headings"] == 1 else [f"{says['headings']} headings"]
    if says["wrong"] != says["title"].startswith(("Fel: ", "Error: ")):
        found.append(f"an error on the page: {says['wrong']}; its title: {says['title']}")
    if says["title"].startswith(" "):
        found.append("the title has no beginning")
    if "031-000 00 00" not in says["foot"]:
        found.append("the foot has no telephone number")
    return found


CHECKS: tuple[Check, ...] = (
    axe_finds_nothing, fits_a_narrow_phone, bears_wider_text, can_be_hit, turns_around, says_what_it_is,
)  # fmt: skip


async def prepare(page: Page) -> None:
    """Before the first page is opened."""
    await page.add_init_script(_AXE)


_looks: WeakKeyDictionary[Page, tuple[int, bool]] = WeakKeyDictionary()


async def look(page: Page, size: Any, dark: bool = False) -> None:
    """Nothing else changes size or colours of a page that is checked."""
    if _looks.get(page) != (size["width"], dark):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="dark" if dark else "light")
        _looks[page] = size["width"], dark
