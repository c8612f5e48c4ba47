"""What Snakemake is told: the options of `rnnpipe run`, and those that follow ``--``."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from rnnpipe.plan.plan import Plan
from rnnpipe.plan.shipped import workflow_folder
from rnnpipe.plan.words import MISSING, SHOW, SKIP, STALE, take
from rnnpipe.settings import load_experiment, read_experiment

# What has Snakemake tell, draw or tidy something instead of running jobs, or needs the terminal.
_OTHER_WORK = (
    "dryrun",
    "touch",
    "lint",
    "list_rules",
    "list_target_rules",
    "print_compilation",
    "dag",
    "rulegraph",
    "filegraph",
    "d3dag",
    "containerize",
    "generate_unit_tests",
    "unlock",
    "cleanup_metadata",
    "cleanup_shadow",
    "conda_cleanup_envs",
    "conda_create_envs_only",
    "list_conda_envs",
    "container_cleanup_images",
    "list_changes",
    "list_input_changes",
    "list_params_changes",
    "list_untracked",
    "summary",
    "detailed_summary",
    "archive",
    "delete_all_output",
    "delete_temp_output",
    "deploy_sources",
    "debug",
    "edit_notebook",
    "draft_notebook",
)


_Parsed = TypeVar("_Parsed")


@dataclass
class Asked:
    """What Snakemake is asked for.

    Attributes
    ----------
    parser, values
        Snakemake's parser, and the values of its options.
    """

    parser: ArgumentParser
    values: Namespace

    @property
    def runs_jobs(self) -> bool:
        """Whether jobs are to run; else Snakemake tells, draws or tidies something."""
        reports = self.values.reporter or self.values.report
        return not (
            any(getattr(self.values, name, None) not in (None, False) for name in _OTHER_WORK)
            or (reports and not self.values.report_after_run)
        )

    @property
    def names_files(self) -> bool:
        """Whether targets are files, which may be those of a block that failed."""
        return any("/" in str(target) for target in self.values.targets)

    @property
    def skips(self) -> bool:
        """Whether what lacks results is left out, as ``--config missing=skip`` asks."""
        return any(entry == f"{MISSING}={SKIP}" for entry in self.values.config or ())

    def skip(self) -> None:
        """Leave out what lacks results."""
        self.values.config = [*(self.values.config or ()), f"{MISSING}={SKIP}"]

    def enter_folder(self) -> Path:
        """Enter the folder of the results, as ``--directory`` names it, and return its name."""
        if self.values.directory is None:
            return Path()
        folder = Path(self.values.directory)
        folder.mkdir(parents=True, exist_ok=True)
        self.values.directory = folder.absolute()
        self.values.configfile = [Path(file).absolute() for file in self.values.configfile]
        os.chdir(folder)
        return folder

    def plan(self) -> Plan:
        """Return what there is to do, from the experiment's files and ``--config``.

        Raises
        ------
        SettingsError
            If anything in them is wrong; names every fault.
        """
        files = self.values.configfile
        if len(files) == 1 and not self.values.config:
            return Plan(load_experiment(files[0]))
        config = _merged(files, self.values.config)
        take(config, MISSING, SKIP)
        take(config, STALE, SHOW)
        return Plan(read_experiment(config, files))


def asked(file: Path, targets: Sequence[str], cores: int | None, options: Sequence[str]) -> Asked:
    """Read Snakemake's options.

    The profile that travels with the workflow is applied unless the options name another. On this
    machine all cores are used unless `cores`, an option or a profile says how many.

    Parameters
    ----------
    file
        The experiment's file.
    targets
        Rules or files; none for everything.
    cores
        How many cores jobs may use at once.
    options
        Options of Snakemake, which override everything else.

    Raises
    ------
    SystemExit
        If Snakemake does not know an option, or is asked for help.
    """
    from snakemake.cli import parse_args
    from snakemake.utils import available_cpu_count

    workflow = workflow_folder()
    own = ["--snakefile", workflow / "Snakefile"]
    own += ["--workflow-profile", workflow / "profiles" / "default"]
    own += [] if cores is None else ["--cores", cores]
    parser, values = _without_notice(parse_args, [*map(str, own), *options])
    values.configfile = [file, *values.configfile]
    values.targets = [*targets, *values.targets]
    if values.cores is None and values.jobs is None and _is_local(values):
        values.cores = available_cpu_count()
    return Asked(parser, values)


def _without_notice(parse: Callable[[list[str]], _Parsed], arguments: list[str]) -> _Parsed:
    """Parse without Snakemake's notice of profiles; what it says of faults is shown."""
    said = StringIO()
    try:
        with redirect_stderr(said):
            return parse(arguments)
    except BaseException:
        sys.stderr.write(said.getvalue())
        raise


def _is_local(values: Namespace) -> bool:
    from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

    plugin = ExecutorPluginRegistry().get_plugin(values.executor or "local")
    return plugin.common_settings.local_exec


def _merged(files: Sequence[Path], config: Sequence[str] | None) -> dict[str, Any]:
    """Merge files and values as Snakemake does."""
    from snakemake.cli import parse_config
    from snakemake.common.configfile import load_configfile
    from snakemake.utils import update_config

    merged: dict[str, Any] = {}
    for file in files:
        update_config(merged, load_configfile(file))
    update_config(merged, parse_config(config))
    return merged
