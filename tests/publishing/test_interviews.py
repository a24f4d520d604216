"""Interviews under way move to a published version at the next step; who has to answer again is told."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from intake import App, QuestionPrompt
from tests.bot.talking import Talk
from tests.journeys import goes_to
from tests.publishing.conftest import Opening
from tests.publishing.drafts import ID, Drafts
from tests.publishing.persons import KIM, answers_up_to
from tests.store.inside import ask
from tests.visitor import Visitor
from web import build_web

SV = "Vi har ändrat den här frågan sedan du svarade"


def publish_another(drafts: Drafts, opens: Opening, running: App) -> None:
    """`collar` has to be answered from now on: another process publishes it, this one sees it."""
    drafts.lets_collar_be_required()
    drafts.raises_version("2")
    opens()
    running.programmes.refresh()


def version_of(url: str) -> str:
    [(version,)] = ask(url, "SELECT version FROM interviews")
    return str(version)


def test_whose_answers_mean_the_same_notices_nothing(opens: Opening, drafts: Drafts, database_url: str) -> None:
    app = opens()
    before = answers_up_to(app, "needs")
    drafts.keeps_interviews(29)
    drafts.says("Ring")
    drafts.raises_version("2")
    opens()
    app.programmes.refresh()
    now = app.desk.now(KIM, ID)
    assert (now.place, now.revision) == ("needs", before.revision)
    assert version_of(database_url) == "1"  # looking changes nothing
    assert app.desk.answer(KIM, ID, "needs", ("reemployment",)).place == "training_forms"
    assert version_of(database_url) == "2"


def test_a_changed_question_comes_back_with_the_reason(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    answers_up_to(app, "needs")
    publish_another(drafts, opens, app)
    turn = app.desk.now(KIM, ID)
    assert isinstance(turn.prompt, QuestionPrompt)
    assert (turn.place, turn.prompt.returned) == ("collar", True)
    turn = app.desk.answer(KIM, ID, "collar", ("white",))
    assert turn.place == "needs"  # everything else is as it was
    looked = app.desk.look(KIM, ID, "collar")
    assert isinstance(looked.prompt, QuestionPrompt) and not looked.prompt.returned


def test_a_refused_answer_leaves_the_reason_there(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    answers_up_to(app, "needs")
    publish_another(drafts, opens, app)
    turn = app.desk.answer(KIM, ID, "collar", ("green",))
    assert isinstance(turn.prompt, QuestionPrompt) and turn.prompt.problem is not None and turn.prompt.returned


def test_a_changed_question_is_answered_before_sending(opens: Opening, drafts: Drafts, database_url: str) -> None:
    app = opens()
    answers_up_to(app, "check")
    publish_another(drafts, opens, app)
    assert app.desk.submit(KIM, ID).place == "collar"
    turn = app.desk.answer(KIM, ID, "collar", ("white",))
    assert turn.place == "check"
    sent = app.desk.submit(KIM, ID)
    assert sent.place == "status"
    [(version, meaning)] = ask(database_url, "SELECT version, meaning FROM submissions")
    assert (version, meaning) == ("2", app.programmes[ID].meaning)
    assert getattr(sent.prompt, "version", "") == f"2 · {meaning[:8]}"


def test_what_is_sent_keeps_its_version(opens: Opening, drafts: Drafts, database_url: str) -> None:
    app = opens()
    answers_up_to(app, "check")
    app.desk.submit(KIM, ID)
    drafts.edit("texts/sv.toml", "[receipt]\ntitle = ", '[receipt]\ntitle = "Nytt" # ')
    publish_another(drafts, opens, app)
    turn = app.desk.now(KIM, ID)
    assert getattr(turn.prompt, "title", "") != "Nytt"
    assert getattr(turn.prompt, "version", "").startswith("1 · ")
    assert version_of(database_url) == "1"


def test_one_who_is_behind_looks_before_taking_anybody_back(opens: Opening, drafts: Drafts, database_url: str) -> None:
    """Two processes: the person has gone over in the one, and comes to the other that has not looked yet."""
    ahead, behind = opens(), opens()
    answers_up_to(ahead, "needs")
    drafts.lets_collar_be_required()
    drafts.raises_version("2")
    opens()
    ahead.programmes.refresh()
    ahead.desk.answer(KIM, ID, "collar", ("white",))
    assert behind.programmes[ID].version == "1"
    assert behind.desk.now(KIM, ID).place == "needs"
    assert behind.programmes[ID].version == "2" == version_of(database_url)


def test_an_interview_from_before_versions_were_kept_goes_on(opens: Opening, database_url: str) -> None:
    app = opens()
    answers_up_to(app, "needs")
    ask(database_url, "UPDATE interviews SET version = '0'")
    again = opens()
    assert again.desk.now(KIM, ID).place == "needs"
    assert again.desk.answer(KIM, ID, "needs", ("reemployment",)).place == "training_forms"


async def test_on_the_web_the_question_says_why_it_came_back(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    transport = httpx.ASGITransport(build_web(app), raise_app_exceptions=False)
    async with Visitor(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")) as visitor:
        await goes_to(visitor, "needs")
        publish_another(drafts, opens, app)
        page = await visitor.fills_in(needs="reemployment")  # it counts, and the way leads back
        assert page.path.endswith("/q/collar") and SV in page.text
        page = await visitor.fills_in(collar="white")
        assert page.path.endswith("/q/training_forms") and SV not in page.text
        assert SV not in (await visitor.opens(f"/{ID}/q/collar")).text


def test_in_a_chat_too(opens: Opening, drafts: Drafts, tmp_path: Path) -> None:
    app = opens()
    talk = Talk(app).begin()
    talk.says("uppsagd_notice", "arbetsbrist", "2027-03-31", "mölndal", "teknik", "white", "ja")
    publish_another(drafts, opens, app)
    talk.says("inköpare")
    assert SV in talk.card.text and "collar" in {one.press.question for one in talk.buttons if one.press}
    talk.says("white")
    assert SV not in talk.card.text


@pytest.mark.parametrize("place", ["result", "goal"])
def test_another_result_is_shown_again_before_going_on(opens: Opening, drafts: Drafts, place: str) -> None:
    app = opens()
    answers_up_to(app, place)
    drafts.edit("programme.toml", 'lead = "trr"', 'lead = "gr"')
    (drafts.folder / "cases.toml").write_text("")
    drafts.raises_version("2")
    opens()
    app.programmes.refresh()
    assert app.desk.now(KIM, ID).place == "result"
