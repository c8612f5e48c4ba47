"""The texts of the report on an experiment, as reStructuredText.

Snakemake renders `workflow/report/*.rst` with its configuration and a job's
files alone, so the Snakefile puts a `ReportText` into the configuration.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.jobs.plain_text import count
from rnnpipe.jobs.results_root import DEFAULT, results_in
from rnnpipe.parameters import Settings
from rnnpipe.plan.missing import failed_at, failed_texts
from rnnpipe.plan.plan import Plan
from rnnpipe.settings.seed_ranges import as_ranges

# Of more models or missing blocks the rest is counted.
SHOWN = 12
# Where a network cannot be drawn in three dimensions, its caption goes on with this and the reason.
NO_PICTURE = "The picture is missing:"


def escaped(text: str) -> str:
    """Escape plain text, so that reStructuredText shows it unchanged, in one paragraph."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", " ".join(text.split()))


class ReportText(dict):
    """The texts of the report on the experiment of a plan.

    An empty mapping to all others who look at the configuration: Snakemake
    hashes it as JSON.

    Parameters
    ----------
    plan
        The experiment's jobs and their files.
    stale
        Lines on what is stale.
    refusal
        What is raised instead of a report of stale results; None where one is asked for.
    results
        The folder of results.
    """

    def __init__(
        self,
        plan: Plan,
        stale: Iterable[str] = (),
        refusal: Exception | None = None,
        results: str = DEFAULT,
    ) -> None:
        super().__init__()
        self.plan, self._stale, self._refusal = plan, list(stale), refusal
        self._results = results

    def title(self) -> str:
        """Return the experiment's name, underlined as a title."""
        title = escaped(self.plan.name)
        return f"{title}\n{'=' * len(title)}"

    def networks(self) -> str:
        """Return a sentence on the numbers of networks, cohorts, tasks, models and constraints."""
        experiment = self.plan.experiment
        cohorts, seeds = experiment.cohorts(), experiment.seeds
        parts = (
            (len({cohort.task for cohort in cohorts}), "task"),
            (len({cohort.model for cohort in cohorts}), "model"),
            (len({cohort.constraint for cohort in cohorts}), "constraint"),
        )
        of = ", ".join(count(number, thing) for number, thing in parts)
        networks = count(len(cohorts) * len(seeds), "network")
        each = count(len(seeds), "seed")
        cohorts_of = f"{count(len(cohorts), 'cohort')} of {each} ({as_ranges(seeds)})"
        return escaped(f"{networks} in {cohorts_of}: {of}.")

    def tasks(self) -> list[str]:
        """Return the name and settings of every task."""
        return _entries(self.plan.experiment.tasks, leave=("training", "probes"))

    def models(self) -> list[str]:
        """Return the name and settings of every model."""
        return _entries(self.plan.experiment.models, leave=("training",))

    def constraints(self) -> list[str]:
        """Return the name and settings of every constraint."""
        return _entries(self.plan.experiment.constraints)

    def stale(self) -> list[str]:
        """Return sentences on results that are stale and what differs, if there are any.

        Raises
        ------
        Exception
            If a report of stale results is refused.
        """
        if not self._stale:
            return []
        if self._refusal:
            raise self._refusal
        first = "This report shows stale results, made otherwise than the experiment now says:"
        return [escaped(line) for line in (first, *self._stale)]

    def missing(self) -> list[str]:
        """Return sentences on the networks that are left out and why, if there are any."""
        missing, name = self.plan.missing, self.plan.name
        with results_in(self._results):
            texts = failed_texts(self.plan.failed, name)
        failed = [escaped(f"{text}.") for text in texts[:SHOWN]]
        if not missing:
            return failed
        total = len(self.plan.experiment.cohorts()) * len(self.plan.experiment.seeds)
        lost = sum(block.networks for block in missing)
        lines = [f"{lost} of {total} networks are missing: their jobs left no results."]
        lines += [failed_at(block) for block in missing[:SHOWN]]
        if more := len(missing[SHOWN:]):
            lines.append(f"and {more} more blocks")
        return [escaped(line) for line in lines] + failed

    def pictureless(self) -> list[str]:
        """Return a sentence on networks without a picture in three dimensions, if there are any."""
        with results_in(self._results):
            folders = [Path(folder) for folder in self.plan.stage_files("scene")]
        captions = [path for folder in folders for path in sorted(folder.glob("seed=*.txt"))]
        lacking = [path for path in captions if not path.with_suffix(".png").is_file()]
        if not lacking:
            return []
        reason = lacking[0].read_text(encoding="utf-8").partition(NO_PICTURE)[2]
        number = f"{len(lacking)} of {count(len(captions), 'picture')} in three dimensions"
        return [escaped(f"{number} could not be drawn: {reason}")]

    def caption(self, path: str) -> str:
        """Read the caption that a job wrote to a file."""
        return escaped(Path(path).read_text(encoding="utf-8"))


def _entries(named: Mapping[str, Settings], leave: tuple[str, ...] = ()) -> list[str]:
    lines = [_entry(name, settings, leave) for name, settings in list(named.items())[:SHOWN]]
    if more := len(named) - len(lines):
        lines.append(escaped(f"and {more} more"))
    return lines


def _entry(name: str, settings: Settings, leave: tuple[str, ...]) -> str:
    """Write the name of an entry and its settings in the experiment file."""
    given = settings.model_dump(mode="json", exclude_unset=True, exclude=set(leave))
    text = ", ".join(f"{key}: {_shown(value)}" for key, value in given.items())
    return f"**{escaped(name)}**" + (f": {escaped(text)}" if text else "")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_shown(v)}' for key, v in value.items())}}}"
    return f"{value:g}" if isinstance(value, float) else str(value)
