"""What Snakemake reports of its jobs, by its interface for loggers.

The handler is registered in this process alone: it needs no package of its own, and Snakemakes
that run single jobs on a cluster take no part. Whatever executor runs the jobs, and however
quiet Snakemake is asked to be, the events come.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from logging import Handler, LogRecord
from types import ModuleType

from rnnpipe.commands.run.course import Course
from rnnpipe.jobs.notes import NOTE

NAME = "rnnpipe"
# A job's failure is told so many seconds late: Ctrl-C ends jobs as well, and the end of one may be
# told in another thread before the main thread has taken the signal.
HEARD = 0.2
# Said besides of jobs that failed, which are told in more detail.
_OF_JOBS = ("CalledProcessError", "At least one job did not complete successfully")
_STOPS = ("Will exit after finishing", "Terminating processes on user request")


def listen(values: Namespace, tell: Callable[[LogRecord], None]) -> None:
    """Have Snakemake, started with these values of its options, tell of all that it logs.

    For one function `tell` per process.
    """
    from snakemake_interface_logger_plugins.base import LogHandlerBase
    from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

    class LogHandler(LogHandlerBase):
        """Passes on every record, also those that Snakemake's options silence."""

        writes_to_stream = writes_to_file = needs_rulegraph = False
        has_filter = has_formatter = True

        def __post_init__(self) -> None:
            # What the interface leaves out before its version 2.
            Handler.__init__(self)

        def emit(self, record: LogRecord) -> None:
            try:
                tell(record)
            except Exception:
                # A display that fails must end no run.
                self.handleError(record)

    module = ModuleType(f"snakemake_logger_plugin_{NAME}")
    module.LogHandler = LogHandler
    LoggerPluginRegistry().register_plugin(module.__name__, module)
    values.logger = [*values.logger, NAME]


def take(course: Course, record: LogRecord) -> None:
    """Note in the course of a run what a record tells."""
    event = str(getattr(record, "event", "") or "")
    text = record.getMessage()
    if event == "run_info":
        course.plan_jobs(record.stats)
    elif event == "job_info":
        course.begin(record.jobid, record.rule_name, record.wildcards, record.log)
    elif event == "job_finished":
        course.finish(record.job_id)
    elif event == "job_error":
        time.sleep(HEARD)
        course.fail(record.jobid, record.rule_name, record.log)
    elif text.startswith(_STOPS):
        course.stop()
    elif getattr(record, NOTE, False):
        course.noted(text.rstrip())
    elif event == "error" and not any(said in text for said in _OF_JOBS):
        course.err(record.exception, text)
