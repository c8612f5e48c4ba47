"""The findings for a browser are those of the page, and need nothing else."""

import pandas as pd

from rnnpipe.population.findings.page import html_page, markdown_page
from rnnpipe.population.findings.ranks import judge_ranks
from tests.population.findings.test_ranks import population

TEXT = """# Findings of x & y

| | claim | measured |
|---|---|---|
| T | Networks <learn> the task. | 1, \\|λ\\| **holds** |
"""


def test_every_row_and_word_is_there_as_it_was_written():
    page = html_page(TEXT, "x & y")
    assert page.count("<tr>") == 2
    assert "<title>x &amp; y</title>" in page
    assert "<h1>Findings of x &amp; y</h1>" in page
    assert "<td>Networks &lt;learn&gt; the task.</td>" in page
    assert "<td>1, |λ| <strong>holds</strong></td>" in page


def test_nothing_is_asked_of_a_server():
    page = html_page(TEXT, "x")
    assert "http" not in page and "<script" not in page and "<link" not in page


def test_the_verdicts_on_ranks_are_put_together_below_the_claims():
    evidence = population(scatter={"two": 0.2})
    rows = pd.DataFrame([vars(finding) for finding in judge_ranks(evidence)]).assign(task="t")
    page = markdown_page(rows, "x", {"t": (48, 36)}, {})
    assert "Most networks learn the task at rank 2, and not rank 1 (F13a)." in page
