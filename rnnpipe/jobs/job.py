"""What every script shares: settings and threads as options, errors as one line."""

import ctypes
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
import yaml
from threadpoolctl import threadpool_limits

from rnnpipe.faults import SettingsError
from rnnpipe.given_files import GivenFileError
from rnnpipe.jobs.device import DEVICES, DeviceError
from rnnpipe.jobs.finished import keep, taken_up
from rnnpipe.jobs.log import kept_log
from rnnpipe.jobs.option_ranges import range_of
from rnnpipe.jobs.origin import found_origin, read_origin
from rnnpipe.jobs.results_root import DEFAULT, results_in
from rnnpipe.jobs.stage import Stage, option
from rnnpipe.parameters import Few
from rnnpipe.settings.reading.job import read_settings
from rnnpipe.tables.artifacts import ArtifactError
from rnnpipe.tables.provenance import made_from

# Options of glibc's mallopt(3).
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4


class SettingsType(click.ParamType):
    """Settings as JSON text, or as the path of a JSON or YAML file."""

    name = "JSON|FILE"

    def convert(self, value: Any, param: Any, ctx: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        try:
            text = value if value.lstrip().startswith("{") else Path(value).read_text()
            settings = _read(text)
        except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            self.fail(f"neither JSON text nor a readable JSON or YAML file ({error})", param, ctx)
        if not isinstance(settings, dict):
            self.fail("settings are a mapping", param, ctx)
        return settings


def _read(text: str) -> Any:
    """Read JSON or YAML: JSON by its own reader, since YAML takes its 1e-08 for text."""
    try:
        return json.loads(text)
    except ValueError:
        return yaml.safe_load(text)


# Options of every script, in the order of its help.
COMMON = (
    click.option(
        "--settings",
        type=SettingsType(),
        required=True,
        help="What `rnnpipe settings` prints for this job: JSON text, or a file of it.",
    ),
    click.option(
        "--origin",
        type=SettingsType(),
        help="What the workflow expects of the files that are read; by hand: nothing.",
    ),
    click.option(
        "--results",
        type=click.Path(file_okay=False),
        default=DEFAULT,
        help="Folder of the results that the script finds by itself.",
    ),
    click.option(
        "--threads",
        type=range_of(Few),
        default=1,
        help="Threads of every numerical library.",
    ),
)


def job(
    stage: Stage,
    *options: Callable[[Any], Any],
    reads: Callable[[Any], Mapping[str, Sequence[Path]]] = lambda settings: {},
) -> Callable[[Callable[..., None]], click.Command]:
    """Turn a function into a script's command.

    Adds the options in `COMMON` and the stage's files, limits every numerical library to as many
    threads as asked for, keeps the log fresh, and ends with one line instead of a traceback when
    a file or a setting is not what it should be. What the function writes says how it was made.

    Parameters
    ----------
    stage
        What the script reads and writes, and the model of its settings, as which the function
        gets them.
    options
        What else the script is given.
    reads
        Function of the settings that lists the files that the script finds by itself.
    """
    files = [
        *(_file(name, f"Reads {what}.") for name, what in stage.inputs.items()),
        *(_file(n, f"Writes {out.what}.", out.folder) for n, out in stage.outputs.items()),
    ]

    def decorate(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def run(
            threads: int,
            settings: dict[str, Any],
            origin: dict[str, Any] | None,
            results: str,
            **arguments: Any,
        ) -> None:
            _collect_garbage()
            limit_threads(threads)
            with _faults_in_a_line():
                read = read_settings(stage.settings, settings)
                given = {name: [arguments[name]] for name in stage.inputs}
                with results_in(results), kept_log(Path(sys.argv[0]).name):
                    files = {**given, **reads(read)}
                    with made_from(found_origin(read_origin(origin), files)):
                        outputs = [arguments[name] for name in stage.outputs]
                        if not taken_up(outputs, read):
                            function(settings=read, **arguments)
                            keep(outputs)

        command: Any = run
        for add in reversed((*COMMON, *files, *options)):
            command = add(command)
        return click.command(context_settings={"show_default": True})(command)

    return decorate


@contextmanager
def _faults_in_a_line() -> Iterator[None]:
    """End the script with a line if a setting, a file or the device is not what it should be."""
    try:
        yield
    except SettingsError as error:
        sys.exit(f"error: {'; '.join(map(str, error.faults))}")
    except (ArtifactError, DeviceError, GivenFileError) as error:
        sys.exit(f"error: {error}")


def _file(name: str, what: str, folder: bool = False) -> Callable[[Any], Any]:
    """Add an option that names a file, or a folder."""
    kind = click.Path(dir_okay=folder, file_okay=not folder, path_type=Path)
    return click.option(option(name), type=kind, required=True, help=what)


def device_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add the option that says where to compute."""
    return click.option(
        "--device",
        type=click.Choice(DEVICES),
        default="cpu",
        help="Where to compute; auto takes cuda where there is one.",
    )(function)


def limit_threads(threads: int) -> None:
    """Limit torch, OpenMP, MKL and OpenBLAS, here and in child processes, to some threads.

    Two jobs of two threads each on two cores run many times slower than one
    thread each. To be called before the first matrix product: MKL then also
    promises products whose last bit does not depend on where in memory a
    matrix lies, so that a network's bits do not depend on its place in a block.
    """
    os.environ.setdefault("MKL_CBWR", "AVX2,STRICT")
    _keep_memory()
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    threadpool_limits(limits=threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)


def _collect_garbage() -> None:
    """Have garbage collected from now on, where it waited for imports; what these made stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _keep_memory() -> None:
    """Let glibc keep freed memory: fetching it anew costs a page fault for every 4 kB.

    A training step frees and asks for the same megabytes thousands of times.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        for option, value in ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, 2**31 - 1)):
            mallopt(option, value)
