"""The page of a network in a browser: it asks nothing, draws, answers to the mouse."""

import numpy as np
import pytest

from rnnpipe.figures.style import unstable_colour
from rnnpipe.pages.network_page import network_page
from rnnpipe.scene.contents import Scene
from tests.pages.browser import Watched, colours, near, pixels
from tests.pages.synthetic_scenes import cube
from tests.scene.grown_scenes import grown

NAME = "memory.tanh3.none.3.html"


@pytest.fixture
def show(browser, tmp_path):
    opened = []

    def shown(scene: Scene, name: str = NAME, width: int = 1400) -> Watched:
        path = tmp_path / name
        path.write_text(network_page(scene), encoding="utf-8")
        watched = Watched(browser, path, width)
        opened.append(watched)
        return watched

    yield shown
    for watched in opened:
        watched.page.close()


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory) -> Watched:
    """One page for the tests that leave it as they found it: drawing takes seconds."""
    path = tmp_path_factory.mktemp("cube") / NAME
    path.write_text(network_page(cube()), encoding="utf-8")
    return Watched(browser, path)


def canvas(watched: Watched):
    return watched.page.locator("#scene canvas").first


def settled(watched: Watched) -> np.ndarray:
    """Pixels of the scene once it has been drawn."""
    watched.page.wait_for_timeout(600)
    return pixels(canvas(watched))


def entry(watched: Watched, text: str):
    legend = watched.page.locator("#scene .legend .traces")
    return legend.filter(has_text=text).locator(".legendtoggle")


def test_it_asks_nothing_and_no_error_occurs(opened):
    settled(opened)
    assert opened.faults == []


def test_a_request_and_an_error_would_be_seen(browser, tmp_path):
    path = tmp_path / "leaky.html"
    path.write_text('<script src="https://example.org/plotly.js"></script>')
    leaky = Watched(browser, path)
    assert any(fault.startswith("request https://example.org") for fault in leaky.faults)
    path.write_text("<script>missing();</script>")
    assert any(fault.startswith("error") for fault in Watched(browser, path).faults)


def test_the_scene_is_drawn_with_a_colour_for_each_number_of_unstable_modes(opened):
    seen = settled(opened)
    assert len(colours(seen)) > 50
    assert all(len(near(seen, unstable_colour(k))) > 20 for k in range(4))


def test_the_legend_switches_an_order_off_and_on(opened):
    assert len(near(settled(opened), unstable_colour(0))) > 20
    entry(opened, "stable (8)").click()
    assert len(near(settled(opened), unstable_colour(0))) == 0
    entry(opened, "stable (8)").click()
    assert len(near(settled(opened), unstable_colour(0))) > 20


def test_the_legend_shows_a_layer_that_was_hidden(opened):
    visible = (
        "plots => plots.data.filter(t => t.meta.layer === 'noise' && t.visible === true).length"
    )
    count = f"() => ({visible})(document.getElementById('scene'))"
    assert opened.page.evaluate(count) == 0
    entry(opened, "transitions by noise").click()
    opened.page.wait_for_timeout(500)
    assert opened.page.evaluate(count) > 0
    entry(opened, "transitions by noise").click()


def test_buttons_reveal_points_up_to_an_order(opened):
    edges = """() => [...new Set(document.getElementById('graph').data
        .filter(t => t.meta.layer === 'edges' && t.visible === true)
        .map(t => t.meta.order))].sort()"""
    for most in (0, 1, 3):
        opened.page.get_by_role("button", name=str(most), exact=True).click()
        seen = settled(opened)
        shown = [len(near(seen, unstable_colour(k))) > 20 for k in range(4)]
        assert shown == [k <= most for k in range(4)]
        assert opened.page.evaluate(edges) == sorted(o for o in (1, 2, 3) if o <= most)


def test_pointing_at_a_point_tells_of_it_and_rings_its_eigenvalues(opened):
    found = near(settled(opened), unstable_colour(3))
    row, column = np.median(found, axis=0)
    box = canvas(opened).bounding_box()
    x, y = box["x"] + column, box["y"] + row
    opened.page.mouse.move(x - 3, y)
    opened.page.mouse.move(x, y, steps=4)
    text = opened.page.locator("#scene .hovertext").first
    text.wait_for(timeout=5000)
    said = text.text_content()
    assert "fixed point 13" in said and "3-saddle" in said and "λ = 2.000" in said
    assert "readout (0, 0, 0)" in said and "20 starts" in said
    ringed = "() => document.getElementById('spectrum').data.find(t => t.meta?.picked).x"
    assert opened.page.evaluate(ringed) == [2, 2, 2]


def test_no_button_sends_anything_away(opened):
    said = opened.page.locator(".modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    assert "Download plot as a PNG" in said
    assert not [title for title in said if "hare" in title or "loud" in title]


def test_it_leads_to_the_page_of_all_networks_beside_it(opened):
    assert opened.page.get_by_text("All networks").is_visible()


def test_a_probe_is_shown_without_the_others(show):
    watched = show(cube(probes=("left", "right")), "seed=3.html")
    places = """() => document.getElementById('scene').data
        .filter(t => t.meta.layer && t.meta.layer.startsWith('order'))
        .flatMap(t => t.x).filter(x => x !== null).length"""
    assert watched.page.evaluate(places) == 54
    watched.page.get_by_label("Probe").select_option("right")
    assert watched.page.evaluate(places) == 27
    watched.page.get_by_label("Probe").select_option("all")
    assert watched.page.evaluate(places) == 54
    assert watched.faults == []
    # So called, it lies in the folder of its cohort, where there is no such page.
    assert not watched.page.get_by_text("All networks").is_visible()


def test_it_fits_a_phone_and_stops_even_a_script_of_its_own_that_would_ask_a_server(show):
    watched = show(cube(), width=390)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    watched.page.evaluate("fetch('https://example.org/data').catch(() => 0)")
    assert any("Content Security Policy" in fault for fault in watched.faults)


def stable_points(watched: Watched) -> int:
    """Pixels of stable points in the plot of the development."""
    watched.page.wait_for_timeout(600)
    return len(near(pixels(watched.page.locator("#development canvas").first), unstable_colour(0)))


def test_the_slider_shows_the_skeleton_of_every_kept_step(show):
    watched = show(grown())
    slider, words = watched.page.locator("#step"), watched.page.locator("#moment")
    assert words.text_content().startswith("step 1,200: 27 points (8 stable")
    many = stable_points(watched)
    slider.fill("0")
    assert words.text_content().startswith("step 0: 1 point (1 stable)")
    few = stable_points(watched)
    assert 0 < few < many / 3
    slider.press("End")
    slider.press("ArrowLeft")
    assert words.text_content().startswith("step 790: 27 points")
    assert watched.faults == []


def test_a_page_of_a_network_whose_weights_were_not_kept_has_no_slider(opened):
    assert opened.page.locator("#step").count() == 0
    assert opened.page.locator("#development").count() == 0
