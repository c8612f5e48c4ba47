"""The table of stages agrees with scripts, schemas and what scripts read by themselves."""

import pytest

from rnnpipe.plan.stages import BLOCK, BLOCK_OUTPUTS, POPULATION, STAGES
from rnnpipe.population.features import COLUMNS
from rnnpipe.tables.schemas import SCHEMAS
from tests.helpers.script_runs import SCRIPTS, module


def test_every_script_belongs_to_one_stage():
    assert sorted(stage.script for stage in STAGES.values()) == SCRIPTS


def test_every_table_has_a_schema_of_its_name_and_the_other_way_round():
    assert {table for stage in STAGES.values() for table in stage.schemas} == set(SCHEMAS)


@pytest.mark.parametrize("name", STAGES)
def test_what_a_stage_reads_another_one_writes(name):
    stage = STAGES[name]
    written = BLOCK_OUTPUTS if stage.wildcards == BLOCK else POPULATION
    assert set(stage.inputs) <= set(written) - set(stage.outputs)
    assert set(stage.gathers) <= set(BLOCK_OUTPUTS)


def test_tables_that_scripts_find_by_themselves_are_inputs_of_their_rules():
    assert set(module("population").COLUMNS) == set(STAGES["population"].gathers)
    assert {*COLUMNS, "weights"} == set(STAGES["distances"].gathers)
