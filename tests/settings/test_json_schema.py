"""The JSON schema, the pages on the experiment file and the models say the same."""

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from rnnpipe.networks.cells import CELLS
from rnnpipe.settings import Experiment
from rnnpipe.settings.reading.schema import allowed, json_schema, locate
from rnnpipe.settings.reading.schema_file import schema_text, with_sections_in_place
from rnnpipe.tasks import TASKS

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
FILE = ROOT / "workflow" / "schemas" / "config.schema.yaml"
EXPERIMENTS = sorted(CONFIG.glob("*.yaml"))
SCHEMA = json_schema(Experiment)
WRITTEN = jsonschema.Draft202012Validator(yaml.safe_load(FILE.read_text(encoding="utf-8")))


class Yaml12(yaml.SafeLoader):
    """Reads 1e-5 as a number, as editors do; PyYAML reads text, which the settings take, too."""


Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?\d+(\.\d*)?e[-+]?\d+$"), list("+-0123456789")
)


def properties() -> list[tuple[str, str, dict]]:
    models = {"Experiment": SCHEMA, **SCHEMA["$defs"]}
    return [
        (model, key, node)
        for model, schema in models.items()
        for key, node in schema["properties"].items()
    ]


def is_valid(mapping: dict) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(mapping)


def test_file_is_in_step_with_models():
    text = FILE.read_text(encoding="utf-8")
    assert text == schema_text(Experiment), f"run: rnnpipe schema > {FILE.relative_to(ROOT)}"


def test_every_key_is_explained_on_a_page():
    pages = [page.read_text(encoding="utf-8") for page in CONFIG.glob("*.md")]
    words = {word for page in pages for word in re.findall(r"`([^`\s]+)`", page)}
    assert {key for _, key, _ in properties()} <= words


def test_every_default_number_in_readme_is_the_models():
    """The rows of the README's tables, section by section, against the schema."""
    sections = re.split(r"^### ", (CONFIG / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    checked = 0
    for section in sections:
        title = section.split("\n", 1)[0]
        node = locate(SCHEMA, (title,)).node if title in SCHEMA["properties"] else {}
        for key, default in re.findall(r"^\| `(\w+)` \| `?([-\d.e]+)`? \|", section, re.MULTILINE):
            if key in node.get("properties", {}):
                assert float(default) == node["properties"][key]["default"], (title, key)
                checked += 1
    assert checked >= 20


def test_every_key_is_described():
    def description(node: dict) -> str:
        target = SCHEMA["$defs"].get(node.get("$ref", "").rsplit("/", 1)[-1], {})
        return node.get("description") or target.get("description", "")

    assert not [(model, key) for model, key, node in properties() if not description(node)]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda path: path.name)
def test_experiments_name_the_file_and_validate_against_it(experiment):
    text = experiment.read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)[1]
    assert (experiment.parent / named).resolve() == FILE
    WRITTEN.validate(yaml.load(text, Yaml12))


@pytest.mark.parametrize("schedule", ["cosine", {"kind": "multi_step", "milestones": [0.5]}])
def test_schema_knows_both_forms_of_a_schedule(schedule):
    base = {"experiment": "x", "seeds": 1, "tasks": {"flipflop": {}}}
    base["models"] = {"m": {"cell": "vanilla"}}
    assert is_valid({**base, "training": {"schedule": schedule}})
    assert not is_valid({**base, "training": {"schedule": "multi_step"}})
    assert not is_valid({**base, "training": {"schedul": schedule}})


def test_locate_leaves_tags_out_of_keys():
    place = locate(SCHEMA, ("models", "tanh64", "vanilla", "training", "stop", "loss"))
    assert place.key == "models.tanh64.training.stop.loss"
    assert allowed(place.node) == "a number > 0 or null"
    projection = locate(SCHEMA, ("constraints", "c", "projections", 1, "from_cells"))
    assert projection.key == "constraints.c.projections[1].from_cells"
    assert allowed(projection.node) == "one of all, excitatory, inhibitory"


def test_locate_knows_the_other_kinds():
    others = {*TASKS, "FILE.py:CLASS"} - {"flipflop"}
    assert set(locate(SCHEMA, ("tasks", "x", "flipflop")).alternatives) == others
    cells = {*CELLS, "FILE.py:CLASS"} - {"vanilla"}
    assert set(locate(SCHEMA, ("models", "m", "vanilla")).alternatives) == cells
    assert not locate(SCHEMA, ("tasks", "x", "flipflop", "bits")).alternatives


def test_file_holds_the_schema_with_its_sections_in_place():
    written = dict(WRITTEN.schema)
    jsonschema.Draft202012Validator.check_schema(written)
    assert written.pop("$schema") == jsonschema.Draft202012Validator.META_SCHEMA["$id"]
    assert written == with_sections_in_place(SCHEMA)
    assert written["properties"].keys() == SCHEMA["properties"].keys()
    for key, node in written["properties"].items():
        assert "$ref" not in node
        assert node.get("properties") == locate(SCHEMA, (key,)).node.get("properties") or (
            "anyOf" in node
        )


def test_what_catalogues_list_fits_into_the_cells_of_a_table():
    """They list the keys and those of sections, following no reference."""
    sections = with_sections_in_place(SCHEMA)["properties"].values()
    nodes = [*sections, *(node for s in sections for node in s.get("properties", {}).values())]
    assert len(nodes) > 80
    assert not [node for node in nodes if re.search(r"[\n|]", node.get("description", "\n"))]
