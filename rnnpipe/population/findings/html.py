"""The findings for a browser."""

import html

from markdown_it import MarkdownIt

_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 76rem; margin: 2rem auto;
  padding: 0 1.5rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.7rem;
  border-bottom: 1px solid #d5dae1; }
th { border-bottom: 2px solid #1c2430; }
td:nth-child(n + 4) { white-space: nowrap; }"""


def html_page(text: str, title: str) -> str:
    """A page of Markdown as one HTML file that needs nothing else.

    Parameters
    ----------
    text
        What `rnnpipe.population.findings.page.page` makes.
    title
        Title of the window.
    """
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
