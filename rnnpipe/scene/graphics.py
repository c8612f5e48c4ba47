"""Whether this machine can draw in three dimensions, tried in a process that may crash."""

import os
import subprocess
import sys

# Debian's names of what VTK loads when it opens a window that nobody sees.
PACKAGES = ("libegl1", "libgl1-mesa-dri")
_VARIABLE = "VTK_DEFAULT_OPENGL_WINDOW"
_SECONDS = 120
# VTK ends the process where a library is missing.
_TRIAL = """
from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter
window, renderer = vtkRenderWindow(), vtkRenderer()
renderer.SetBackground(1, 0, 0)
window.OffScreenRenderingOn()
window.AddRenderer(renderer)
window.SetSize(8, 8)
window.Render()
picture = vtkWindowToImageFilter()
picture.SetInput(window)
picture.Update()
assert picture.GetOutput().GetScalarComponentAsDouble(4, 4, 0, 0) == 255
"""


class GraphicsError(RuntimeError):
    """This machine cannot draw in three dimensions; the message says what to install."""


def prepare_graphics(threads: int) -> None:
    """Let VTK draw without a display, and find out whether it can; call before VTK is imported.

    Parameters
    ----------
    threads
        Threads that Mesa's renderer may use.

    Raises
    ------
    GraphicsError
        If it cannot.
    """
    # Elsewhere windows that nobody sees need no other kind of window.
    if sys.platform.startswith("linux"):
        os.environ.setdefault(_VARIABLE, "vtkEGLRenderWindow")
    os.environ.setdefault("LP_NUM_THREADS", str(threads))
    command = [sys.executable, "-c", _TRIAL]
    try:
        trial = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise GraphicsError(_advice(f"did not answer in {_SECONDS} s")) from None
    if trial.returncode:
        raise GraphicsError(_advice(_ending(trial.returncode, trial.stderr)))


def _ending(code: int, said: str) -> str:
    if code < 0:
        return f"was ended by signal {-code}"
    lines = [line for line in said.splitlines() if line.strip()]
    return f"said: {lines[-1]}" if lines else f"ended with {code}"


def _advice(how: str) -> str:
    kind = os.environ.get(_VARIABLE, "the default window")
    return (
        f"cannot draw in three dimensions here: a trial with {kind} {how}. On Debian and Ubuntu, "
        f"apt-get install {' '.join(PACKAGES)}."
    )
