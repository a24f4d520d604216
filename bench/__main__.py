"""Measures costs. Prints every figure beside its limit; exit code 1 if one is above it.

interview  CPU of our web process for one completed interview, as a multiple of that of a bare ASGI and sqlite3 server
           which does one SELECT, one UPDATE and the same page per step. Both are real processes, served by the same
           code with the same settings, and visited in turns; everything of ours is on.
assess     seconds of `intake assess` for 1,000 persons.
page       bytes of the first page with all its files, compressed.
hall       200 people at one network address fill in the whole form within five minutes and press Send in the same
           second, while everything runs in one process: who is turned away, who is lost, how long a step takes.
replay     seconds of `intake replay` for a million submissions, for edits that affect few, many and all of them, and
           the factor by which judging them one by one is slower; creating them takes longer than replaying them.
linkage    whether a union's member can be identified from the database without its key, by any order that SQLite or
           PostgreSQL offers: 60 submissions in an hour and 5 a day for 12 days, half of them with a union, made by the
           real desk and worker with a simulated clock. The attacks furthest beyond chance are shown.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.hall import filled
from bench.linkage import MOST, report, tried
from bench.linkage.days import SCENARIOS
from bench.replay import EDITS, FOLDER, edited, fill, one_by_one
from bench.visits import Visit, bare, ours
from intake.store import migrate
from tests.databases import KINDS, Databases
from tests.postbox import unused_port
from tests.postgres import Postgres
from tests.processes import started
from tests.random_people import random_answers

RATIO, SECONDS, BYTES, REPLAYED = 5.5, 3.0, 10_000, 20.0  # limits; the aim of the first is 4
STEP, SENT = 1.0, 15.0  # seconds: a step for 95 % of people, and Send for the last of all who press it at once
TURN = 5  # interviews on one server before the other's turn


def cpu(pid: int) -> float:
    """Returns the CPU seconds that a process has used, of all threads, user and system."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:  # a system that counts only in ticks
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def interview(rounds: int, count: int) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with started(folder, "web", INTAKE_DEMO="1", INTAKE_RATE="1000000") as intake:
            pages = [ours(intake.port) for _ in range(5)][-1]  # the first ones warm it up
            steps = len(pages) - 1
            with bare_server(folder, pages) as (bare_port, bare_pid):
                assert bare(bare_port, steps) == pages, "the same pages, byte for byte"
                servers = (intake.pid, lambda: ours(intake.port)), (bare_pid, lambda: bare(bare_port, steps))
                costs = [in_turns(count, *servers) for _ in range(rounds)]
    size = sum(map(len, pages)) // len(pages)
    print(f"interview: {len(pages)} pages of {size} bytes, {steps} posts; {rounds} rounds of {count}")
    for server, column in zip(("intake web", "bare ASGI + sqlite3"), zip(*costs, strict=True), strict=True):
        print(f"  {server:22}{spread([seconds * 1000 for seconds in column])} ms CPU")
    ratios = [own / other for own, other in costs]
    return verdict("ratio", statistics.median(ratios), RATIO, spread(ratios))


def in_turns(count: int, *servers: tuple[int, Callable[[], object]]) -> list[float]:
    """Returns the CPU seconds per visit of each server, visited in turns so that both meet the same conditions."""
    used = [0.0 for _ in servers]
    for _ in range(count // TURN):
        for place, (pid, visit) in enumerate(servers):
            before = cpu(pid)
            for _ in range(TURN):
                visit()
            used[place] += cpu(pid) - before
    return [seconds / (count // TURN * TURN) for seconds in used]


@contextmanager
def bare_server(folder: Path, pages: list[bytes]) -> Iterator[tuple[int, int]]:
    port, file = unused_port(), folder / "bare.json"
    file.write_text(json.dumps([page.decode() for page in pages]))
    server = subprocess.Popen([sys.executable, "-m", "bench.bare", str(file)], env=os.environ | {"PORT": str(port)})
    try:
        for _ in range(400):
            try:
                Visit(port).connection.close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def assess() -> bool:
    chance = random.Random(1)
    lines = "".join(json.dumps(random_answers(chance)) + "\n" for _ in range(1000))
    command = [sys.executable, "-m", "intake", "assess", "vastkraft", "-", "--json"]
    taken = []
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
        taken.append(time.monotonic() - began)
        assert done.stdout.count("\n") == 1000
    print("assess: 1,000 persons, 3 times, start included")
    return verdict("seconds", statistics.median(taken), SECONDS, spread(taken))


def page() -> bool:
    with tempfile.TemporaryDirectory() as name, started(Path(name), "web", INTAKE_DEMO="1") as intake:
        first = compressed(f"{intake.url}/vastkraft/")
        needed = re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(first).decode())
        parts = {"page": first} | {path: compressed(intake.url + path) for path in dict.fromkeys(needed)}
        for body in list(parts.values()):
            plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            for url in re.findall(rb'url\("?(/static/[^)"]+)"?\)', plain):
                parts[url.decode()] = compressed(intake.url + url.decode())
    print("page: the first one with all that it needs")
    for path, body in parts.items():
        print(f"  {path:34}{len(body):8}")
    return verdict("bytes", sum(map(len, parts.values())), BYTES)


def replayed(number: int) -> bool:
    """Measures each edit by the command itself, with a database of its own; then judging one by one."""
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "sent.db"
        began = time.monotonic()
        fill(file, number)
        print(f"replay: {number:,} submissions, made in {time.monotonic() - began:.0f} s")
        environ = os.environ | {"INTAKE_DATABASE_URL": f"sqlite:///{file}", "INTAKE_DEMO": "1"}
        for edit in ("texts only", *EDITS):
            command = [sys.executable, "-m", "intake", "replay", str(FOLDER), str(edited(Path(name), edit)), "--json"]
            began = time.monotonic()
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
            whole, told = time.monotonic() - began, json.loads(done.stdout)
            work, slowest = told["work"], max(slowest, whole)
            print(
                f"  {edit:22}{whole:8.2f} s with start: reading {work['reading_seconds']:.2f}, judging"
                f" {work['judging_seconds']:.2f}; {work['judged']:,} judgements, {told['changing']:,} change"
            )
        alone = one_by_one(file, Path(name) / "touching_everybody")
    print(f"  {'the last, one by one':22}{alone:8.2f} s in one process, {alone / whole:.1f} times as long")
    return verdict("seconds, the slowest", slowest, REPLAYED, f"{slowest:8.2f}")


def hall(people: int, minutes: float) -> bool:
    """Measures with the default settings, the limit per address included."""
    with tempfile.TemporaryDirectory() as name, started(Path(name), "run", INTAKE_DEMO="1") as intake:
        came = asyncio.run(filled(intake.port, people, minutes * 60))
    print(f"hall: {people} people at one address, {came.requests:,} requests in {came.took:.0f} s")
    several = len(came.steps) > 1
    p95 = statistics.quantiles(came.steps, n=20, method="inclusive")[-1] if several else float("inf")
    last = max(came.sends, default=float("inf"))
    results = [
        verdict("turned away", came.turned_away, 0),
        verdict("not sent in", people - len(came.references), 0),
        verdict("seconds in all", came.took, minutes * 60, f"{came.took:8.1f}"),
        verdict("a step, p95, seconds", p95, STEP, f"{p95:8.3f}"),
        verdict("Send, the last, seconds", last, SENT, f"{last:8.3f}"),
    ]
    return all(results)


def linkage(rounds: int, shown: int, seed: int) -> bool:
    """Tries every attack on both databases; `bench.linkage` tells luck from a leak."""
    found = 0
    print(f"linkage: {rounds} rounds a pass; found is what exceeds chance by {MOST:g} deviations in every pass")
    with tempfile.TemporaryDirectory() as name, Postgres() as postgres:
        databases = Databases(Path(name), lambda: postgres, migrate)
        for kind in KINDS:
            for scenario in SCENARIOS:
                trial = tried(databases, kind, scenario, Path(name), rounds, seed)
                found += len(trial.found)
                print(*report(trial, shown), sep="\n", flush=True)
    return verdict("attacks found", found, 0)


def compressed(url: str) -> bytes:
    """Returns the body for a browser that accepts gzip."""
    with urllib.request.urlopen(urllib.request.Request(url, headers={"accept-encoding": "gzip"})) as answer:
        return bytes(answer.read())


def spread(values: list[float]) -> str:
    """Formats the median, the least and the greatest."""
    return f"{statistics.median(values):8.2f}  ({min(values):.2f} - {max(values):.2f})"


def verdict(what: str, value: float, limit: float, shown: str = "") -> bool:
    within = value <= limit
    print(f"  {what:24}{shown or f'{value:8.0f}'}   limit {limit:g}: {'within' if within else 'ABOVE'}")
    return within


def main() -> int:
    measures = ("interview", "assess", "page", "hall", "replay", "linkage")
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help="any of these; all of them when left out", metavar="WHAT")
    parser.add_argument("--rounds", type=int, default=7, help="rounds, of which the median counts (default 7)")
    parser.add_argument("--interviews", type=int, default=50, help="interviews in each round (default 50)")
    parser.add_argument("--submissions", type=int, default=1_000_000, help="for replay (default 1,000,000)")
    parser.add_argument("--days", type=int, default=4, help="for linkage: rounds pooled in a pass (default 4)")
    parser.add_argument("--figures", type=int, default=8, help="for linkage: attacks shown of each trial (default 8)")
    parser.add_argument("--seed", type=int, default=1, help="for linkage: of the first round (default 1)")
    parser.add_argument("--people", type=int, default=200, help="for hall, at most 1,000 (default 200)")
    parser.add_argument("--minutes", type=float, default=5.0, help="for hall, at most 60 (default 5)")
    wanted = parser.parse_args()
    if wrong := set(wanted.what) - set(measures):
        parser.error(f"{', '.join(sorted(wrong))}: choose of {', '.join(measures)}")
    if wanted.rounds < 1 or wanted.interviews < TURN:
        parser.error(f"at least 1 round of {TURN} interviews")
    if wanted.days < 1 or wanted.figures < 0:
        parser.error("--days: at least 1; --figures: at least 0")
    if not (1 <= wanted.people <= 1000 and 0 < wanted.minutes <= 60):
        parser.error("1 to 1,000 people, in at most 60 minutes")
    ways: dict[str, Callable[[], bool]] = {
        "interview": lambda: interview(wanted.rounds, wanted.interviews),
        "assess": assess,
        "page": page,
        "hall": lambda: hall(wanted.people, wanted.minutes),
        "replay": lambda: replayed(wanted.submissions),
        "linkage": lambda: linkage(wanted.days, wanted.figures, wanted.seed),
    }
    results = [ways[name]() for name in wanted.what or measures]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
