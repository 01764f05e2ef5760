"""The map at 1,000, 10,000 and 100,000 places: its data, its page, a first visit, and how it grows.

uMap, the peer, cannot be installed beside it: its figures in the notes were measured earlier on two such cores with 10,000 points, as
its manual has it. What stands beside ours is a floor of this very run.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import sync_playwright

import fieldlab.areas.sample
from fieldlab.lib.public_json import BROTLI, pack
from initiatives import map_document
from initiatives.models import MapChange, MapDocument, SearchEntry
from initiatives.sample import load_many
from initiatives.search import Asked, find
from initiatives.search.viewport import read_view, seen
from tests.benchmarks import _web
from tests.benchmarks.measure import Figure, measure
from tests.e2e import chromium
from tests.servers.worker import database_url

UMAP = {"document": 145, "304": 155, "page": 94}  # requests a second with 8 clients
CITY, HERE = "4.7,52.25,5.1,52.45", "4.92,52.36,4.94,52.37"
PAGES = {
    "everything": "",
    "a word": "?q=naaien",
    "a misspelt word": "?q=fietsennmaker",
    "near a postcode": "?postcode=1094",
    "two filters": "?doet=garden&taal=ar",
    "open now": "?open=nu",
    "one district": "?gebied=M",
}
ROUNDS = 5  # of what takes long
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}


def run() -> Iterable[Figure]:
    print(f"clients: {'wrk' if _web.WRK else 'Python threads (apt install wrk for a quicker one)'}")
    fieldlab.areas.sample.load(timezone.now())
    grow(1_000)
    times = {1_000: page_times()}
    grow(10_000)
    times[10_000] = page_times()
    yield from building()
    with tempfile.TemporaryDirectory(prefix="fieldlab-benchmark-") as folder, _web.processes(Path(folder)) as processes:
        yield from serving(processes)
    grow(100_000)
    yield from by_viewport()
    yield from searching()
    times[100_000] = page_times()
    yield from growth(times)


def grow(places: int) -> None:
    """To so many. Without the triggers, which take most of the time; then what the map needs of what they would have written."""
    at = timezone.now()
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=connection.settings_dict["NAME"], autocommit=True) as owner:
        owner.execute("SET jit = off")
        owner.execute("ALTER TABLE initiatives_initiative DISABLE TRIGGER USER; ALTER TABLE initiatives_searchentry DISABLE TRIGGER USER")
        load_many(places - SearchEntry.objects.count(), at)
        owner.execute("""
            SELECT fieldlab_keep_search_entry(id) FROM initiatives_initiative
            WHERE id NOT IN (SELECT initiative_id FROM initiatives_searchentry)
        """)
        owner.execute("ALTER TABLE initiatives_initiative ENABLE TRIGGER USER; ALTER TABLE initiatives_searchentry ENABLE TRIGGER USER")
        owner.execute("VACUUM ANALYZE initiatives_searchentry")
        owner.execute("VACUUM ANALYZE initiatives_initiative")
    map_document.publish(at=at)
    assert SearchEntry.objects.count() == places


# --- 10,000: made and sent


def building() -> Iterator[Figure]:
    with connection.cursor() as cursor:
        rows = "SELECT initiative_id, round(point[0] * 1e5)::int, round(point[1] * 1e5)::int, kind, name, neighbourhood, district"
        rows += " FROM initiatives_searchentry WHERE point IS NOT NULL ORDER BY 1"
        content = map_document._content()

        def floor() -> None:
            cursor.execute(rows)
            cursor.fetchall()
            pack(content)

        def ours() -> None:
            # As after a change: a document that is there already would only be dated anew
            MapDocument.objects.all().delete()
            map_document.publish(at=timezone.now())

        packed = pack(content)
        note = f"{len(packed.brotli) / 1000:.0f} kB Brotli-{BROTLI}, {len(packed.plain) / 1000:.0f} kB plain; uMap sends 411 kB"
        beside = "fetching the rows, JSON of ready columns, Brotli, gzip"
        yield measure("first build of 10,000", ours, beside, floor, rounds=15, note=note)


def serving(processes) -> Iterator[Figure]:
    environment = {
        "DATABASE_URL": database_url(),
        "DATABASE_POOL_SIZE": "4",
        "STATIC_ROOT": f"{processes.folder}/collected",
        "STATICFILES_STORAGE": "fieldlab.lib.staticfiles.HashedStaticFilesStorage",
        "LOG_LEVEL": "INFO",
    }
    collect(environment)
    ours = _web.granian(processes, "ours", "fieldlab.wsgi", environment)
    bare = _web.granian(processes, "bare", "tests.benchmarks._bare", environment)
    address = map_document.current_address()
    version = address.rpartition("/")[2].removesuffix(".json")
    brotli = {"Accept-Encoding": "br"}
    known = {**brotli, "If-None-Match": f'"{version}-br"'}
    floor = ("a bare Django view", (f"{bare}/bare/", {}))
    yield from rate("document, 8 clients", (ours + address, brotli), *floor, umap="document")
    yield from rate("document, 304", (ours + address, known), *floor, umap="304")
    yield from rate("map page, asked again, 8 clients", (f"{ours}/kaart/", {}), *floor, umap="page")
    if _web.NGINX:
        body = bytes(map_document.MapDocument.objects.get(pk=version).brotli)
        front = _web.nginx(processes, ours, body)
        file = ("a file by nginx", (f"{front}/static/document.json", {}))
        yield from rate("document, 8 clients", (ours + address, brotli), *file, umap="document")
        yield from rate("document through nginx with a cache", (front + address, brotli), *file, umap="document")
        yield from rate("304 through nginx with a cache", (front + address, known), *file, umap="304")
    else:
        print("nginx is not installed (apt install nginx-light): its rows are left out")
    yield page()
    if chromium.PATH:
        yield from first_visit(ours)
    else:
        print(chromium.MISSING)


def collect(environment: dict[str, str]) -> None:
    """Static files as in production, where this process serves the sources."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": environment["STATICFILES_STORAGE"]}}
    with override_settings(STORAGES=storages, STATIC_ROOT=environment["STATIC_ROOT"]):
        call_command("collectstatic", interactive=False, verbosity=0)


def rate(what: str, ask: tuple[str, dict[str, str]], beside: str, floor: tuple[str, dict[str, str]], *, umap: str) -> Iterator[Figure]:
    here, there = _web.rates(ask, floor)
    note = f"{here:,.0f} against {there:,.0f} a second; uMap {UMAP[umap]}: {here / UMAP[umap]:.0f}×"
    yield Figure(what, 1000 / here, beside, 1000 / there, 3, note)


def page() -> Figure:
    client = Client()
    with override_settings(ROOT_URLCONF="tests.benchmarks.house", MIDDLEWARE=[]):
        floor = Client()
        floor.get("/bare/")
        body = client.get("/kaart/").content
        began = process_time()
        for _ in range(50):
            client.get("/kaart/")
        spent = 1000 * (process_time() - began) / 50

        def bare() -> None:
            with override_settings(ROOT_URLCONF="tests.benchmarks.house"):
                floor.get("/bare/")

    note = f"{len(body) / 1000:.1f} kB, {spent:.1f} ms of CPU with its query to PostgreSQL; uMap 17.8 kB, 9 to 21 ms"
    return measure(
        "map page, asked again, in one process", lambda: client.get("/kaart/"), "a bare view with no middleware", bare, rounds=60, note=note
    )


def first_visit(ours: str) -> Iterator[Figure]:
    """A slow 4G line (1.6 Mb/s, 150 ms) and a processor four times slower; nothing in any cache."""
    watch = """
        const seen = {};
        const look = () => {
          for (const [name, selector] of [["list", "#results [data-key] h2"], ["marker", "#map-box .pin, #map-box .clus"]])
            if (!seen[name] && document.querySelector(selector)?.getBoundingClientRect().height) seen[name] = performance.now();
          window.seen = seen;
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    found: list[tuple[float, float, float]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.ARGUMENTS)
        for _ in range(3):
            context = browser.new_context(viewport={"width": 360, "height": 800})
            page, size = context.new_page(), [0.0]
            line = context.new_cdp_session(page)
            line.send("Network.enable")
            line.send("Network.emulateNetworkConditions", SLOW_4G)
            line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            line.on("Network.loadingFinished", lambda event, size=size: size.__setitem__(0, size[0] + event["encodedDataLength"]))
            page.add_init_script(watch)
            page.goto(f"{ours.replace('127.0.0.1', 'localhost')}/kaart/")
            page.wait_for_function("window.seen.marker && window.seen.list")
            page.wait_for_load_state("networkidle")
            seen_at = page.evaluate("window.seen")
            found.append((seen_at["list"], seen_at["marker"], size[0]))
            context.close()
        browser.close()
    list_at, marker_at, size_of = (sorted(column)[1] for column in zip(*found, strict=True))
    yield Figure("first visit: list readable", list_at, "the goal", 1500, 3, f"{size_of / 1000:.0f} kB in all, of at most 300")
    yield Figure("first visit: first sign on the map", marker_at, "the goal", 2500, 3)


# --- 100,000


def by_viewport() -> Iterator[Figure]:
    for where, box, zoom in (("the whole city", CITY, 12), ("a neighbourhood", HERE, 16)):
        view = read_view(box, str(zoom))
        width, height = view.cell
        sql = f"""
            SELECT floor(point[0] / {width}), floor(point[1] / {height}), count(*), avg(point[0]), avg(point[1])
            FROM initiatives_searchentry WHERE point <@ box(point(%s, %s), point(%s, %s)) GROUP BY 1, 2
        """

        def floor(sql: str = sql, view=view) -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, view.box)
                cursor.fetchall()

        def ours(view=view) -> dict:
            return seen(Asked(), view, without=[], at=timezone.now())

        packed = pack(ours())
        note = f"{len(packed.plain) / 1000:.1f} kB, {len(packed.brotli) / 1000:.1f} kB Brotli; uMap sends 4.1 MB"
        yield measure(f"viewport: {where} of 100,000", ours, "the same grid in raw SQL", floor, rounds=15, note=note)


def searching() -> Iterator[Figure]:
    def raw(sql: str, *values: str) -> Callable[[], object]:
        def ask() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                cursor.fetchall()

        return ask

    table = "FROM initiatives_searchentry"
    counted = "counting the hits in raw SQL"
    word = raw(f"SELECT count(*) {table} WHERE vector @@ to_tsquery('dutch', %s)", "naaien:*")
    yield measure("search and facets: a word", lambda: find(Asked(words="naaien"), at=timezone.now()), counted, word, rounds=15)
    kinds = raw(f"SELECT kind, activity, district, count(*) {table} GROUP BY 1, 2, 3")
    everything = "one count by kind, activity and district in raw SQL"
    yield measure("facets: everything", lambda: find(Asked(), at=timezone.now()), everything, kinds, rounds=15)
    facts = raw(f"SELECT count(*) {table} WHERE languages && %s::varchar[] AND activity = %s", "{ar}", "garden")
    asked = Asked(activities=("garden",), languages=("ar",))
    yield measure("search and facets: two filters", lambda: find(asked, at=timezone.now()), counted, facts, rounds=15)


# --- Growth


def page_times() -> dict[str, float]:
    """Each page made anew, as right after a change, and asked again, as others ask it within the minute."""
    client, times = Client(), {}

    def ask(query: str) -> None:
        assert client.get(f"/kaart/{query}").status_code == 200

    def anew(query: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [MapChange._meta.db_table])
        ask(query)

    for name, query in PAGES.items():
        for way, call in (("made anew", anew), ("asked again", ask)):
            taken = [_milliseconds(partial(call, query)) for _ in range(1 + ROUNDS)]
            times[f"{name}, {way}"] = median(taken[1:])
    return times


def _milliseconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return 1000 * (perf_counter() - began)


def growth(times: dict[int, dict[str, float]]) -> Iterator[Figure]:
    for name in times[1_000]:
        small, middle, large = (times[places][name] for places in (1_000, 10_000, 100_000))
        yield Figure(f"growth: {name}", large, "1,000 places (ours is 100,000)", small, ROUNDS, f"{middle:.1f} ms at 10,000")
