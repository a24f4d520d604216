"""A person with only a keyboard: Tab, arrows, Space, Enter and letters. Checks the focus after every key."""

from __future__ import annotations

from typing import Any

from tests.browser.person import Person
from tests.journeys import Answers

_FOCUS = """() => {
  const at = document.activeElement;
  const ringed = [at, at.closest("label")].some(one => {
    const style = one && getComputedStyle(one);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = at.getBoundingClientRect();
  return {
    tag: at.tagName, name: at.name || "", value: at.value || "", type: at.type || "", role: at.className,
    text: at.innerText || "", ringed, within: box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}"""


class Keyboard:
    """What the hands of one person do. Every stop must be seen: a ring around it, and on the screen."""

    def __init__(self, person: Person, read: list[str] | None = None) -> None:
        self.person, self.page = person, person.page
        self.read = read if read is not None else []  # every page that was answered

    async def focus(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate(_FOCUS)
        return found

    async def tabs(self) -> dict[str, Any]:
        """One step on; what has the focus then, `BODY` after the last."""
        await self.page.keyboard.press("Tab")
        at = await self.focus()
        assert at["tag"] == "BODY" or (at["ringed"] and at["within"]), f"unseen at {self.page.url}: {at}"
        return at

    async def tabs_to(self, **wanted: str) -> dict[str, Any]:
        """On until what has the focus is this."""
        for _ in range(60):
            at = await self.tabs()
            if all(at[key] == value for key, value in wanted.items()):
                return at
        raise AssertionError(f"no way by Tab to {wanted} at {self.page.url}")

    async def enters(self) -> None:
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def goes_to(self, place: str, answers: Answers) -> None:
        while self.person.place != place:
            self.read.append(await self.person.reads())
            await self.answers(answers.get(self.person.place) or [])

    async def answers(self, answer: str | list[str]) -> None:
        """What this page asks; nothing to say is skipped, or the page only goes on."""
        name, said = self.person.place, [answer] if isinstance(answer, str) else answer
        skips = not said and await self.page.locator("button[name=skip]").count() > 0
        asks = await self.page.locator(f'main input[name="{name}"]').first.get_attribute("type") if said else ""
        if asks == "radio":
            await self.chooses(name, said[0])
        elif asks == "checkbox":
            for value in said:
                await self.tabs_to(name=name, value=value)
                await self.page.keyboard.press("Space")
        elif said:
            await self.tabs_to(name=name)
            await self.page.keyboard.type(said[0])
        await (self.tabs_to(name="skip") if skips else self.tabs_to(tag="BUTTON", role="btn"))
        await self.enters()

    async def chooses(self, name: str, value: str) -> None:
        """Among radio buttons: the group is one stop, and the arrows walk within it."""
        at = await self.tabs_to(name=name)
        if at["value"] == value:
            await self.page.keyboard.press("Space")
        while (at := await self.focus())["value"] != value:
            assert at["ringed"], at
            await self.page.keyboard.press("ArrowDown")
