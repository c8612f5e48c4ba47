"""A machine that cannot draw is found out without harm, and told what to install."""

import subprocess
import sys

import pytest

from rnnpipe.scene.graphics import PACKAGES, GraphicsError, prepare_graphics


def test_a_window_that_cannot_be_opened_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setenv("VTK_DEFAULT_OPENGL_WINDOW", "noSuchWindow")
    with pytest.raises(GraphicsError) as told:
        prepare_graphics(1)
    assert all(package in str(told.value) for package in PACKAGES)
    assert "noSuchWindow" in str(told.value)


def test_a_trial_that_dies_does_not_take_its_parent_along(monkeypatch):
    class Died:
        returncode, stderr = -11, ""

    monkeypatch.setattr(subprocess, "run", lambda *a, **k: Died)
    with pytest.raises(GraphicsError, match="signal 11"):
        prepare_graphics(1)


def test_it_is_found_out_before_vtk_is_imported():
    program = (
        "import sys, rnnpipe.scene.graphics, rnnpipe.commands.view, rnnpipe.commands.main\n"
        "assert not [name for name in sys.modules if name.startswith(('vtk', 'vedo', 'torch'))]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
