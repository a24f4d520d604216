"""A published version is stored unchanged and served until the next; a folder alone is a draft."""

from __future__ import annotations

import asyncio
import json
import shutil
from functools import partial

import pytest

from intake.authoring.catalog import draft_in, load, load_stored
from intake.config import PACKAGED
from intake.errors import BadProgramme, BadSetting, NotPublished
from intake.operations.worker import follow_versions
from intake.publishing.versions import Programmes, is_stamped, publish
from intake.store import Store
from tests.bot_player import until
from tests.players import NOW
from tests.publishing.conftest import Opening
from tests.publishing.drafts import ID, Drafts
from tests.store.inside import ask, at_once


def labels(store: Store) -> list[str]:
    return [one.version for one in store.versions.all(ID)]


def test_a_shipped_programme_is_published_once_by_its_stamp(opens: Opening, drafts: Drafts) -> None:
    app = opens(demo=False)
    assert labels(app.store) == ["1"]
    assert app.programmes[ID].meaning == load(drafts.folder).meaning
    assert app.notices == ()


@pytest.mark.parametrize("broken", ["unstamped", "says", "meaning"])
def test_without_a_stamp_that_fits_nobody_meets_it(opens: Opening, drafts: Drafts, broken: str) -> None:
    if broken == "unstamped":
        drafts.unstamped()
    elif broken == "says":
        drafts.says("Ring")
    else:
        drafts.keeps_interviews(29)
    with pytest.raises(NotPublished, match="vastkraft is not published: run `intake publish vastkraft`"):
        opens(demo=False)


@pytest.mark.parametrize("broken", [False, True])
def test_beside_what_is_served_a_draft_stops_nobody(opens: Opening, drafts: Drafts, broken: bool) -> None:
    shutil.copytree(PACKAGED / "vaxla", drafts.programmes / "vaxla")
    if broken:
        (drafts.programmes / "vaxla/texts/sv.toml").unlink()
    app = opens(demo=False)
    assert list(app.programmes) == [ID]
    [notice] = app.notices
    assert notice.endswith("; until then nobody meets it") and ("sv.toml" if broken else "publish vaxla") in notice
    if broken:
        with pytest.raises(BadProgramme, match="vaxla"):
            opens(demo=True)
    else:
        assert set(opens(demo=True).programmes) == {ID, "vaxla"}


def test_outside_a_demo_a_changed_folder_is_only_said(opens: Opening, drafts: Drafts) -> None:
    before = opens(demo=False).programmes[ID]
    drafts.says("Ring")
    drafts.raises_version("2")
    app = opens(demo=False)
    assert (app.programmes[ID].version, app.programmes[ID].wording) == (before.version, before.wording)
    [notice] = app.notices
    assert "differs" in notice and "`intake publish vastkraft`" in notice


def test_a_draft_that_cannot_be_read_leaves_what_is_served_alone(opens: Opening, drafts: Drafts) -> None:
    opens(demo=False)
    drafts.edit("programme.toml", "[limits]", "[limits")
    assert "findings" in opens(demo=False).notices[0]
    with pytest.raises(BadProgramme):
        opens(demo=True)


def test_what_is_published_is_served_without_any_folder(opens: Opening, drafts: Drafts) -> None:
    before = opens().programmes[ID]
    drafts.folder.rename(drafts.programmes.parent / "elsewhere")
    after = opens(demo=False).programmes[ID]
    assert (after.meaning, after.wording, after.questions) == (before.meaning, before.wording, before.questions)


def test_a_demo_publishes_its_folder_under_a_free_label(opens: Opening, drafts: Drafts) -> None:
    first = opens().programmes[ID]
    drafts.keeps_interviews(29)
    app = opens()
    assert labels(app.store) == ["1", f"1+{app.programmes[ID].meaning[:6]}"]
    opens()  # nothing changed: nothing is published
    assert len(labels(app.store)) == 2
    drafts.edit("programme.toml", "interview_days = 29", "interview_days = 30")
    assert opens().programmes[ID].meaning == first.meaning
    assert labels(app.store)[-1] == "1"


def test_other_words_are_a_new_wording_of_the_same_version(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    drafts.says("Ring")
    opens()
    kept = app.store.versions.all(ID)
    assert [one.version for one in kept] == ["1", "1"]
    assert kept[0].meaning == kept[1].meaning and kept[0].wording != kept[1].wording
    app.programmes.refresh()
    assert app.programmes.at(ID, "1").texts.say("sv", "programme", "help").startswith("Ring")


def test_a_label_never_comes_to_mean_something_else(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    drafts.keeps_interviews(29)
    draft = draft_in(drafts.folder)
    with pytest.raises(BadSetting, match="raise the version in programme.toml"):
        publish(app.store, draft.programme, draft.files, NOW)
    drafts.raises_version("2")
    draft = draft_in(drafts.folder)
    assert publish(app.store, draft.programme, draft.files, NOW).number == 2
    assert publish(app.store, draft.programme, draft.files, NOW).number == 2  # again: nothing new
    assert labels(app.store) == ["1", "2"]


def test_an_earlier_version_is_read_again_from_what_was_kept(opens: Opening, drafts: Drafts) -> None:
    before = opens().programmes[ID]
    drafts.keeps_interviews(29)
    drafts.raises_version("2")
    app = opens()
    assert (app.programmes[ID].version, app.programmes[ID].limits.interview_days) == ("2", 29)
    then = app.programmes.at(ID, "1")
    assert (then.version, then.limits, then.questions, then.routes) == (
        "1", before.limits, before.questions, before.routes,
    )  # fmt: skip
    assert app.programmes.at(ID, "from before versions were kept") is app.programmes[ID]


def test_another_process_serves_what_is_published_meanwhile(opens: Opening, drafts: Drafts) -> None:
    running = opens()
    drafts.raises_version("2")
    opens()
    assert running.programmes[ID].version == "1"
    running.programmes.refresh()
    assert running.programmes[ID].version == "2"


def test_several_who_publish_at_once_publish_once(opens: Opening, drafts: Drafts) -> None:
    apps = [opens() for _ in range(3)]
    drafts.raises_version("2")
    draft = draft_in(drafts.folder)
    numbers = at_once(*(partial(publish, app.store, draft.programme, draft.files, NOW) for app in apps))
    assert [one.number for one in numbers] == [2, 2, 2]
    assert labels(apps[0].store) == ["1", "2"]


def test_the_database_keeps_no_example_persons(opens: Opening, database_url: str) -> None:
    opens()
    [(files,)] = ask(database_url, "SELECT files FROM versions")
    assert "programme.toml" in json.loads(files) and "cases.toml" not in json.loads(files)
    assert "Exempel Ett" not in files


def test_unions_of_every_version_stay_unseen(opens: Opening, drafts: Drafts) -> None:
    app = opens()
    assert "unionen" in app.programmes.unions(ID)
    drafts.edit("programme.toml", 'id = "unionen"\nunion = true', 'id = "unionen"')
    drafts.raises_version("2")
    assert "unionen" in opens().programmes.unions(ID)


def test_a_stamp_says_nothing_of_another_draft(drafts: Drafts) -> None:
    assert is_stamped(draft_in(drafts.folder))
    drafts.raises_version("2")
    assert not is_stamped(draft_in(drafts.folder))


def test_programmes_are_a_mapping(opens: Opening) -> None:
    app = opens()
    assert list(Programmes(app.store)) == [ID] and len(app.programmes) == 1 and "nope" not in app.programmes


async def test_a_running_service_takes_up_what_is_published(opens: Opening, drafts: Drafts) -> None:
    running, stop = opens(), asyncio.Event()
    following = asyncio.create_task(follow_versions(running, stop, 0.01))
    drafts.raises_version("2")
    opens()
    await until(lambda: running.programmes[ID].version == "2")
    stop.set()
    await asyncio.wait_for(following, 5)


def test_a_version_with_keys_that_are_gone_is_still_read(opens: Opening, drafts: Drafts) -> None:
    """`hint` was a key of routes, partners and organisations until advice came; its texts are in no page any more."""
    drafts.edit("programme.toml", 'id = "trr"\n', 'id = "trr"\nhint = ["hint_trr"]\n')
    drafts.edit("programme.toml", 'id = "R5"\n', 'id = "R5"\nhint = ["hint_first_day"]\n')
    files = {**draft_in(drafts.folder).files}
    stored = load_stored(f"{ID} 1", files)
    assert stored.routes == load(PACKAGED / ID).routes and stored.partners == load(PACKAGED / ID).partners
