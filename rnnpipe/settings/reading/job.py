"""The settings of a job, read back from its option ``--settings``."""

from typing import Any, TypeVar

from pydantic import ValidationError

from rnnpipe.faults import Fault, SettingsError
from rnnpipe.parameters import Settings
from rnnpipe.settings.reading.pydantic_faults import read_faults
from rnnpipe.settings.reading.schema import json_schema

Job = TypeVar("Job", bound=Settings)


def read_settings(model: type[Job], settings: dict[str, Any]) -> Job:
    """Validate a job's settings.

    Raises
    ------
    SettingsError
        If they do not fit; names every key that is wrong and what is allowed there.
    """
    fields = model.model_fields
    required = {name for name, field in fields.items() if field.is_required()}
    if not required <= settings.keys() <= fields.keys():
        has = ", ".join(settings) or "none"
        message = f"the keys of this job are {', '.join(fields)}, and the settings have {has}"
        raise SettingsError([Fault("--settings", message)])
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        raise SettingsError(read_faults(error, json_schema(model))) from None
