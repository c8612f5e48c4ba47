"""Templates, styles and scripts of the pages, which lie beside this file."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from rnnpipe.pages.plot import CONFIG

# A page asks nothing of any server, but for pictures beside it: browsers hold it to this.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "form-action 'none'; base-uri 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' file: data: blob:"
)


def fill(name: str, **values: Any) -> str:
    """Fill in the template of a page, with its style, its script and Plotly's.

    Raises
    ------
    jinja2.UndefinedError
        If the template needs a value that is not given.
    """
    template = _environment().get_template(f"{name}.html.jinja")
    return template.render(
        policy=POLICY,
        config=CONFIG,
        style=Markup(_text("pages.css")),
        plotly=Markup(get_plotlyjs()),
        script=Markup(_text(f"{name}.js")),
        **values,
    )


def embedded(value: Any) -> Markup:
    """Write a value as JSON that may stand in a script element, whatever its texts hold."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rnnpipe.pages", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["embedded"] = embedded
    return environment


def _text(name: str) -> str:
    return resources.files("rnnpipe.pages").joinpath(name).read_text(encoding="utf-8")
