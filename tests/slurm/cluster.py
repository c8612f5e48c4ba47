"""A SLURM of one node on this machine's loopback, for as long as a process needs it.

    python tests/slurm/cluster.py    # until Ctrl-C; sbatch, squeue, ... work in another shell

It needs root and Debian's slurmctld, slurmd, slurm-client and munge, but neither
systemd nor cgroups. `make test-slurm` installs them.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "setpriv")
STATE = Path(tempfile.gettempdir()) / "rnnpipe-slurm"
# A job's inner srun looks here: the plugin takes SLURM_CONF out of its environment.
SYSTEM = Path("/etc/slurm/slurm.conf")


def obstacle() -> str | None:
    """Why no cluster can be started here, if so."""
    if os.geteuid() != 0:
        return "SLURM's daemons must be started by root"
    if absent := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"not installed: {', '.join(absent)}"
    if "SLURM_CONF" in os.environ:
        return f"SLURM_CONF names another cluster, {os.environ['SLURM_CONF']}"
    if os.path.lexists(SYSTEM) and not _ours():
        return f"{SYSTEM} is another cluster's"
    return None


@contextmanager
def one_node(cpus: int = 4, gpus: int = 2) -> Iterator[Path]:
    """Run the daemons; yield the folder of their logs.

    The node claims `cpus` processors and `gpus` graphics processors, whatever
    the machine has. Jobs and daemons end with the block, also on SIGTERM, which
    is taken for Ctrl-C; the daemons alone where this process is killed.

    Raises
    ------
    RuntimeError
        If there is an obstacle, another process runs the cluster, or a daemon
        does not answer.
    """
    if reason := obstacle():
        raise RuntimeError(reason)
    with ExitStack() as cleanup:
        cleanup.enter_context(_alone())
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        cleanup.callback(signal.signal, signal.SIGTERM, before)
        shutil.rmtree(STATE, ignore_errors=True)
        for part in ("state", "spool", "log", "gpus"):
            (STATE / part).mkdir(parents=True)
        _configure(cpus, gpus)
        cleanup.callback(SYSTEM.unlink)
        for command, answers in _daemons():
            cleanup.enter_context(_running(command, answers))
        cleanup.callback(_end_jobs)
        yield STATE / "log"


def _ours() -> bool:
    return SYSTEM.is_symlink() and SYSTEM.readlink() == STATE / "slurm.conf"


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock that says a cluster runs."""
    with STATE.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError("another process runs this cluster") from None
        yield


def _configure(cpus: int, gpus: int) -> None:
    """Write the cluster's settings and let SLURM find them."""
    host = socket.gethostname().split(".")[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    template = (Path(__file__).parent / "slurm.conf").read_text()
    (STATE / "slurm.conf").write_text(
        template.format(state=STATE, host=host, cpus=cpus, gpus=gpus, memory=memory)
    )
    # A count without files is refused; empty ones will do.
    for gpu in range(gpus):
        (STATE / "gpus" / str(gpu)).touch()
    (STATE / "gres.conf").write_text(
        "".join(f"NodeName={host} Name=gpu File={STATE}/gpus/{gpu}\n" for gpu in range(gpus))
    )
    (STATE / "munge.key").write_bytes(os.urandom(1024))
    (STATE / "munge.key").chmod(0o400)
    if _ours():  # of a process that was killed
        SYSTEM.unlink()
    SYSTEM.parent.mkdir(exist_ok=True)
    SYSTEM.symlink_to(STATE / "slurm.conf")


def _daemons() -> list[tuple[list[str], str]]:
    """Command of each daemon, in the foreground, and one that succeeds once it answers."""
    socket_file, settings = STATE / "munge.socket", ("-f", str(STATE / "slurm.conf"))
    munged = [
        *("munged", "--foreground", "--force", f"--key-file={STATE}/munge.key"),
        *(f"--socket={socket_file}", f"--pid-file={STATE}/munged.pid"),
        f"--seed-file={STATE}/munge.seed",
    ]
    return [
        (munged, f"munge --no-input --socket={socket_file}"),
        # Named, or gres.conf would be sought beside the link.
        (["slurmctld", "-D", "-i", *settings], "scontrol ping"),
        (["slurmd", "-D", *settings], "sinfo --noheader --format=%T | grep -E '^(idle|mixed)'"),
    ]


@contextmanager
def _running(command: list[str], answers: str) -> Iterator[None]:
    """Run a daemon that ends with this process, once it answers."""
    with (STATE / "log" / f"{command[0]}.log").open("w") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is for the block, which still needs its daemons.
            start_new_session=True,
        )
    try:
        _wait(answers, f"{command[0]} does not answer: see {log.name}")
        yield
    finally:
        process.terminate()
        process.wait(30)


def _end_jobs() -> None:
    """Cancel all jobs and wait for the last, which would outlive the daemons."""
    subprocess.run(["scancel", "--user=root"], check=False)
    _wait('test -z "$(squeue --noheader)"', "jobs do not end")


def _wait(command: str, otherwise: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while subprocess.run(command, shell=True, capture_output=True).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.1)


def main() -> None:
    """Run the cluster until interrupted."""
    if reason := obstacle():
        sys.exit(reason)
    with one_node() as logs:
        print(f"The cluster is up; logs in {logs}. Ctrl-C ends it.", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
