"""What cannot run anywhere is refused: by its key, in one line, before anything is tried."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.parameters import LARGEST_SEED
from rnnpipe.settings import SettingsError, load_experiment
from tests.helpers.experiments import experiment, faults

HEAD = "experiment: x\nseeds: 1\ntasks: {flipflop: {}}\nmodels: {m: {cell: vanilla}}\n"


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("seeds", {"seeds": LARGEST_SEED + 1}, f"above {LARGEST_SEED}"),
        ("seeds", {"seeds": f"0-3,{2**70}"}, f"above {LARGEST_SEED}"),
        ("seeds", {"seeds": "9" * 5000}, "is not a seed"),
        ("harvest.seed", {"harvest": {"seed": 2**63}}, f"<= {LARGEST_SEED}"),
        ("figures.dpi", {"figures": {"dpi": 10**5}}, ">= 20 and <= 1200"),
        ("attractors.visited", {"attractors": {"visited": 0}}, ">= 1"),
        ("attractors.longest_period", {"attractors": {"longest_period": 1001}}, "<= 1000"),
        ("figures.dpi", {"figures": {"dpi": 1}}, ">= 20 and <= 1200"),
        ("compute.threads", {"compute": {"threads": 10**6}}, "<= 1000"),
        ("training.steps", {"training": {"steps": 10**30}}, "at most 1000000000"),
        ("training.learning_rate", {"training": {"learning_rate": 1e38}}, "float32"),
        ("training.stop.score", {"training": {"stop": {"score": -1e20}}}, "float32"),
        ("tasks.flipflop.probability", {"tasks": {"flipflop": {"probability": 1}}}, "< 1"),
        ("tasks.flipflop.bits", {"tasks": {"flipflop": {"bits": 60}}}, "<= 52"),
        ("tasks.match.items", {"tasks": {"match": {"items": 10**6}}}, "<= 1000"),
        ("tasks.integrator.speeds", {"tasks": {"integrator": {"speeds": [0]}}}, "do not vary"),
        ("tasks.context.drift", {"tasks": {"context": {"drift": 0, "noise": 0}}}, "do not vary"),
        (
            "tasks.integrator.probes.p.speed",
            {"tasks": {"integrator": {"probes": {"p": {"speed": [0, 1, 10**9]}}}}},
            "from 2 to 10000",
        ),
        (
            "tasks.decision.coherences",
            {"tasks": {"decision": {"coherences": [0.1, 0.2, 0.1]}}},
            "names 0.1 more than once",
        ),
        ("behaviour.longer", {"behaviour": {"longer": [2, 2.0]}}, "names 2 more than once"),
        ("behaviour.noise", {"behaviour": {"noise": [0.1, 0.1]}}, "more than once"),
        ("grid.units", {"grid": {"cell": "gru", "units": [8, 8.0]}}, "names 8 more than once"),
    ],
)
def test_refused(key, changes, words):
    found = faults(**changes)
    assert list(found) == [key]
    assert words in found[key]


def test_a_grid_of_too_many_models_is_refused_before_it_is_spelt_out():
    axes = {axis: list(range(1, 101)) for axis in ("gain", "noise", "l2")}
    found = faults(grid={"cell": "ctrnn", "units": [8, 16], **axes})
    assert "makes 2000000 models; at most 10000" in found["grid"]


def test_more_networks_than_can_be_planned_are_refused():
    models = {f"m{i}": {"cell": "vanilla"} for i in range(101)}
    found = faults(seeds="0-99999", models=models)
    assert "101 models" in found["seeds"] and "at most 10000000" in found["seeds"]


class TestNames:
    def test_the_longest_fits_into_a_path(self):
        assert experiment(experiment="e" * 200).name == "e" * 200
        assert "at most 200" in faults(experiment="e" * 201)["experiment"]

    @pytest.mark.parametrize("section", ["tasks", "models", "constraints"])
    def test_names_are_as_long_as_folders_allow(self, section):
        kinds = {"tasks": {"kind": "match"}, "models": {"cell": "vanilla"}, "constraints": {}}
        found = faults(**{section: {"n" * 201: kinds[section]}})
        assert "at most 200" in found[section]

    def test_logs_and_pages_bear_all_names_together(self):
        models = {"m" * 120: {"cell": "vanilla"}}
        assert experiment(models=models, constraints={"c" * 60: {}})
        found = faults(models=models, constraints={"c" * 90: {}})
        assert "have 218 letters together" in found[f"models.{'m' * 120}"]
        # The seeds stand there too.
        assert faults(models=models, constraints={"c" * 60: {}}, seeds=LARGEST_SEED)

    @pytest.mark.parametrize("name", ["-m", "--help", "-"])
    def test_none_looks_like_an_option(self, name):
        assert "begin with -" in faults(models={name: {"cell": "vanilla"}})["models"]

    def test_none_stands_for_a_missing_value(self):
        name = "__HIVE_DEFAULT_PARTITION__"
        assert "reserved" in faults(experiment=name)["experiment"]
        assert any("reserved" in text for text in faults(constraints={name: {}}).values())


class TestMemory:
    @pytest.mark.parametrize(
        ("key", "changes"),
        [
            ("models.m.units", {"models": {"m": {"cell": "gru", "units": 10**6}}}),
            ("tasks.flipflop.time", {"tasks": {"flipflop": {"time": 10**9}}}),
            ("tasks.match", {"tasks": {"match": {"delay": [0, 10**9]}}}),
            ("training.trials", {"training": {"trials": 10**9}}),
            ("tasks.match.training.trials", {"tasks": {"match": {"training": {"trials": 10**9}}}}),
            ("harvest.trials", {"harvest": {"trials": 10**9}}),
            (
                "attractors.box",
                {
                    "attractors": {"box": 10**9},
                    "models": {"m": {"cell": "vanilla", "units": 200}},
                },
            ),
            ("behaviour.longer", {"behaviour": {"longer": [10**9]}}),
            ("similarity.permutations", {"similarity": {"permutations": 10**9}, "seeds": "0-999"}),
        ],
    )
    def test_what_no_machine_holds_is_refused_with_the_estimate(self, key, changes):
        found = faults(**changes)
        assert key in found
        assert "TB of memory" in found[key] and "at most 1 TB" in found[key]

    def test_the_estimate_is_the_product_of_what_it_names(self):
        message = faults(models={"m": {"cell": "vanilla", "units": 10**6}})["models.m.units"]
        assert "recurrent weights need 16 TB of memory (4 networks of a block" in message
        assert "1,000,000 units × 1,000,000 units" in message

    def test_large_but_possible_sizes_are_allowed(self):
        assert experiment(models={"m": {"cell": "gru", "units": 20_000}}, training={"trials": 512})


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A working directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestFiles:
    """The file itself: each of these is refused in one line, within a second of an idle machine."""

    def refused(self, path: Path | str) -> str:
        started = time.process_time()
        with pytest.raises(SettingsError) as caught:
            load_experiment(path)
        assert time.process_time() - started < 2
        heading, *lines = str(caught.value).splitlines()
        assert heading == f"{path}: 1 fault" and len(lines) == 1
        return lines[0]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a: &a [*a]\n", "line 1: not YAML: an alias stands for something that holds it"),
            ("a: &a {b: &b {c: *a}}\n", "an alias stands for something that holds it"),
            ("a: " + "[" * 60 + "]" * 60, "nested deeper than 50 levels"),
            ("a: " + "{b: " * 20_000, "nested deeper than 50 levels"),
            (
                "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 60)),
                "nested deeper than 50 levels, aliases spelt out",
            ),
            (
                "a0: &a0 [lol]\n"
                + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)),
                "more than 20000 values, aliases spelt out",
            ),
            (
                "a0: &a0 {b: 1}\n"
                + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, 40)),
                "more than 20000 values, aliases spelt out",
            ),
            ("a: [" + "1, " * 30_000 + "]", "more than 20000 values"),
            (HEAD + "#" * 2_000_000, "at most 1000000 are read"),
            ("a: " + "9" * 5000, "line 1: not YAML: "),
            ("a: 0x" + "f" * 5000, "more than 300 digits"),
            ("a: !!timestamp tomorrow", "is no timestamp"),
            ("a: !!bool perhaps", "is no bool"),
            ("a: 2001-99-99", "is no timestamp"),
            (r'a: "\ud800"', "half a character"),
            (r'a: "\0"', "zero byte"),
        ],
    )
    def test_yaml_that_is_no_experiment(self, tmp_path, text, words):
        file = tmp_path / "e.yaml"
        file.write_text(text)
        assert words in self.refused(file)

    def test_pipes_folders_and_devices_are_not_read(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.yaml")
        assert "is a pipe, not a file" in self.refused(tmp_path / "pipe.yaml")
        assert "is a folder, not a file" in self.refused(tmp_path)
        assert "is a device, not a file" in self.refused("/dev/zero")

    @pytest.mark.parametrize(
        ("key", "section"),
        [
            ("constraints.c.mask", "constraints: {c: {mask: pipe.npy}}"),
            ("tasks.t.path", "tasks: {t: {kind: file, path: pipe.npy}}"),
            ("tasks.t.kind", 'tasks: {t: {kind: "pipe.py:Task"}}'),
            ("models.m.from", 'models: {m: {cell: vanilla, from: "pipe.npy"}}'),
        ],
    )
    def test_nor_are_those_that_the_file_names(self, here, key, section):
        os.mkfifo("pipe.npy")
        os.mkfifo("pipe.py")
        kept = [line for line in HEAD.splitlines() if line.split(":")[0] != section.split(":")[0]]
        Path("e.yaml").write_text("\n".join([*kept, section]))
        line = self.refused("e.yaml")
        assert line.startswith(f"  {key}: ") and "pipe" in line

    def test_a_mask_of_other_values_than_numbers(self, here):
        np.save("text.npy", np.array([["a", "b"]]))
        Path("e.yaml").write_text(HEAD + "constraints: {c: {mask: text.npy}}")
        assert "holds values of type <U1" in self.refused("e.yaml")

    def test_a_fault_stays_in_one_line_whatever_it_quotes(self, tmp_path):
        file = tmp_path / "e.yaml"
        file.write_text(HEAD + '"a\\n\\e[31m": 1\n')
        assert self.refused(file).startswith("  a\\n\\x1b[31m: unknown key")

    def test_a_long_text_that_is_no_number_is_found_out_at_once(self, tmp_path):
        file = tmp_path / "e.yaml"
        file.write_text(HEAD + f"training: {{steps: '{'1' * 200_000}x'}}")
        assert "is not a whole number" in self.refused(file)
