"""The page of an experiment in a browser: sorted, filtered, and its map clicked."""

import io

import pytest
from PIL import Image

from rnnpipe.pages.experiment_page import Shown, experiment_page, thumbnail
from tests.pages.browser import Watched
from tests.pages.synthetic_population import SCORES, embedding, networks

PAGE = "memory.tanh8.none.0.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(picture, "PNG")
    shown = {("memory", "tanh8", "none", 0): Shown(PAGE, "x.png", thumbnail(picture.getvalue()))}
    found = tmp_path_factory.mktemp("pages")
    text = experiment_page("x", networks(), embedding(), shown, SCORES, {})
    (found / "index.html").write_text(text, encoding="utf-8")
    (found / "x.png").write_bytes(picture.getvalue())
    (found / PAGE).write_text("<title>one network</title>")
    return found


@pytest.fixture
def opened(browser, folder):
    watched = Watched(browser, folder / "index.html")
    yield watched
    watched.page.close()


def column(watched: Watched, title: str) -> list[str]:
    """Texts of a column in the rows that are shown, in their order."""
    return watched.page.evaluate(
        """(title) => {
            const titles = [...document.querySelectorAll("th")].map((th) => th.textContent.trim());
            const rows = [...document.querySelectorAll("#networks tbody tr")];
            const place = titles.indexOf(title);
            return rows.filter((r) => !r.hidden).map((r) => r.cells[place].textContent.trim());
        }""",
        title,
    )


def points(watched: Watched) -> list[dict]:
    """Rows and opacities of the map's points."""
    return watched.page.evaluate(
        """() => document.getElementById("map").data.filter((t) => t.customdata).flatMap((t) =>
            t.customdata.map((row, i) => ({ row, opacity: t.marker.opacity[i] })))"""
    )


def test_it_asks_nothing_and_no_error_occurs(opened):
    opened.page.wait_for_timeout(500)
    assert opened.faults == []
    assert opened.page.get_by_role("status").text_content() == "12 of 12 networks shown"


def test_a_click_on_a_header_sorts_by_its_numbers_and_another_the_other_way(opened):
    header = opened.page.get_by_role("button", name="score")
    header.click()
    scores = [float(text.split()[0]) for text in column(opened, "score") if text != "–"]
    assert scores == sorted(scores) and set(scores) == {4.0, 7.0, 10.0}
    assert column(opened, "score")[-1] == "–"
    header.click()
    assert [float(t.split()[0]) for t in column(opened, "score")[:-1]] == scores[::-1]
    assert column(opened, "score")[-1] == "–"
    assert opened.page.locator("th[aria-sort=descending]").count() == 1


def test_the_keyboard_sorts_too(opened):
    opened.page.get_by_role("button", name="seed").focus()
    opened.page.keyboard.press("Enter")
    seeds = column(opened, "seed")
    assert seeds == sorted(seeds) and seeds != column(opened, "points")


def test_words_and_choices_filter_rows_and_dim_the_map(opened):
    assert {point["opacity"] for point in points(opened)} == {0.9}
    opened.page.get_by_label("Search").fill("GRU8 solved")
    assert set(column(opened, "model")) == {"gru8"}
    opened.page.locator("#filters").get_by_label("task").select_option("memory")
    assert column(opened, "task") == ["memory"] * 3
    assert opened.page.get_by_role("status").text_content() == "3 of 12 networks shown"
    dimmed = {point["row"]: point["opacity"] for point in points(opened)}
    assert dimmed == {0: 0.1, 2: 0.1, 3: 0.9, 5: 0.9}
    opened.page.get_by_role("button", name="Show all").click()
    opened.page.wait_for_timeout(100)
    assert len(column(opened, "task")) == 12


def test_the_map_shows_the_task_distance_and_colour_that_are_chosen(opened):
    page = opened.page
    reach = "() => Math.max(...document.getElementById('map').data.flatMap((t) => t.x))"
    near = page.evaluate(reach)
    page.get_by_label("Distance").select_option("topology")
    assert page.evaluate(reach) == pytest.approx(2 * near, abs=1e-3)
    names = "() => document.getElementById('map').data.map((t) => t.name)"
    page.get_by_label("Colour").select_option("cell")
    assert page.evaluate(names)[:2] == ["vanilla", "gru"]
    page.get_by_label("Task").nth(-1).select_option("heading")
    assert {point["row"] for point in points(opened)} == {6, 8, 9}


def test_pointing_tells_who_it_is_and_a_click_opens_its_page(opened):
    page = opened.page
    first = page.locator("#map .points path").first
    # What takes the mouse is a sheet over the points.
    first.hover(force=True)
    page.locator("#map .hovertext").first.wait_for(timeout=5000)
    assert "memory · tanh8 · none · seed 0" in page.locator("#map .hovertext").first.text_content()
    assert page.evaluate("document.querySelector('#card img').decode()") is None
    assert page.evaluate("document.querySelector('#card img').naturalWidth") == 400
    assert opened.faults == []
    assert page.locator("#card").get_by_role("link", name="Open its page").is_visible()
    first.click(force=True)
    page.wait_for_url("**/" + PAGE)
    assert page.title() == "one network"


def test_a_network_without_a_page_says_how_to_see_it(opened):
    row = opened.page.locator("#networks tbody tr").nth(1)
    row.locator("summary").click()
    said = row.locator("code").text_content()
    assert "rnnpipe view results/x --task memory --model tanh8 --constraint none --seed 1" in said


def test_nothing_is_wider_than_a_phone(browser, folder):
    page = Watched(browser, folder / "index.html", width=390).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
