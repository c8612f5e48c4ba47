"""Cells of the user's own, tried before any job starts."""

from functools import cache

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.given_files import GivenFileError
from rnnpipe.parameters import canonical
from rnnpipe.settings import Experiment
from rnnpipe.settings.sections.models import OwnCellSettings


def check_own_cells(experiment: Experiment) -> None:
    """Make and try every cell that is a class in a file.

    Imports torch where there is such a cell, and only there.

    Raises
    ------
    SettingsError
        If arguments are wrong or a cell does not keep its word; names the model and the file.
    """
    own = {
        name: model
        for name, model in experiment.models.items()
        if isinstance(model, OwnCellSettings)
    }
    faults = [
        fault.below(f"models.{name}")
        for name, model in own.items()
        for fault in _faults(canonical(model.definition()))
    ]
    if faults:
        raise SettingsError(faults)


@cache
def _faults(definition: str) -> tuple[Fault, ...]:
    """Faults of a cell, tried once: a workflow that is a module is read anew for every rule."""
    from rnnpipe.networks.cell_check import check_cell
    from rnnpipe.networks.own_cells import cell_of, wrong_cell_arguments

    model = OwnCellSettings.model_validate_json(definition)
    try:
        if wrong := wrong_cell_arguments(model.cell, model.arguments):
            return tuple(Fault(key, what) for key, what in sorted(wrong.items()))
        cell = cell_of(model.cell, model.activation, model.alpha, model.noise, model.arguments)
        check_cell(cell, model.cell)
    except GivenFileError as error:
        return (Fault("cell", str(error)),)
    return ()
