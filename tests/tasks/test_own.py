"""A task class in a file: found, checked and made, or refused in one line."""

import numpy as np
import pytest

from rnnpipe.given_files import CONTENT_HASH, GivenFileError, content_hash, wrong_arguments
from rnnpipe.tasks.own import check_task, own_task, task_class
from tests.helpers.experiments import read_task
from tests.helpers.own_files import DELAY, write_class
from tests.tasks.test_adding_a_task import ECHO

pytestmark = pytest.mark.usefixtures("here")
KIND = "mytasks.py:Delay"


def changed(old: str, new: str) -> str:
    assert old in DELAY
    return DELAY.replace(old, new)


def refused(text: str, kind: str = KIND, **arguments) -> str:
    write_class(text)
    with pytest.raises(GivenFileError) as caught:
        check_task(own_task(kind, {"delay": 3, **arguments}), kind)
    message = str(caught.value)
    assert message.startswith("mytasks.py: ") and "\n" not in message and len(message) < 500
    return message


def test_a_class_is_made_with_its_arguments():
    write_class()
    task = read_task({"kind": KIND, "delay": 5, "time": 9, "training": {}})
    trials = check_task(task, KIND)
    assert trials.inputs.shape == (2, 9, 1)
    assert trials.mask[:, :5].sum() == 0
    assert task.score(trials.targets, trials) == 1


def test_an_edited_file_is_read_anew_and_known_as_changed():
    write_class()
    digest = content_hash("mytasks.py")
    assert task_class(KIND)(3).solved == 0.9
    write_class(changed("solved=0.9", "solved=0.75"))
    assert task_class(KIND)(3).solved == 0.75
    with pytest.raises(ValueError, match="has changed"):
        read_task({"kind": KIND, "delay": 3, CONTENT_HASH: digest})


def test_a_class_may_have_settings_instead_of_a_constructor(here):
    text = ECHO.replace(
        '    kind: Literal["echo"] = Field("echo", description="Repeat the input later.")\n', ""
    )
    (here / "echo.py").write_text(text)
    task = read_task({"kind": "echo.py:Echo", "lag": 2, "probes": {"on": {"input1": 1}}})
    assert (task.inputs, task.time, task.solved) == (1, 30, 0.9)
    assert task.probes()["on"].tolist() == [1]
    assert task.definition()["lag"] == 2
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        read_task({"kind": "echo.py:Echo", "lag": 0})


def test_two_files_of_one_name_do_not_meet(here):
    for folder, solved in (("a", "0.1"), ("b", "0.2")):
        (here / folder).mkdir()
        write_class(changed("solved=0.9", f"solved={solved}"), here / folder / "mytasks.py")
    thresholds = [task_class(f"{folder}/mytasks.py:Delay")(1).solved for folder in "ab"]
    assert thresholds == [0.1, 0.2]


def test_dataclasses_work_in_the_file():
    fields = changed("class Delay", "import dataclasses\n\n\n@dataclasses.dataclass\nclass Delay")
    write_class(fields.replace("    def __init__", "    width: int = 1\n\n    def __init__"))
    assert check_task(own_task(KIND, {"delay": 3}), KIND).inputs.shape == (2, 12, 1)


def test_arguments_are_held_against_the_constructor():
    write_class()
    assert wrong_arguments(task_class(KIND), {"delay": 3, "time": 4}) == {}
    wrong = wrong_arguments(task_class(KIND), {"dely": 3})
    assert wrong["dely"].endswith('takes delay, time, solved; did you mean "delay"?')
    assert "is missing" in wrong["delay"]
    write_class(changed("solved=0.9)", "solved=0.9, **others)"))
    assert wrong_arguments(task_class(KIND), {"delay": 3, "dely": 3}) == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("class Delay(Task)", "class Delay", "no rnnpipe.tasks.Task; it defines no subclass"),
        ("class Delay(", "class Later(", "has no class Delay; its tasks are Later"),
        ("import numpy as np", "import nunpy as np", "ModuleNotFoundError"),
        ("def score(", "def scores(", "cannot be made: TypeError: "),
        ("def score(self", "def score(self,,", "SyntaxError: "),
        (
            "= delay, time, solved\n",
            "= delay, 1 / 0, solved\n",
            "ZeroDivisionError: division by zero (line 14)",
        ),
        ("self.inputs = self.outputs = 1", "self.outputs = 1", "set self.inputs"),
        ("self.inputs = self.outputs = 1", "self.inputs = self.outputs = 1.5", "inputs = 1.5"),
        (", self.solved =", ", self.limit =", "solved = None"),
        (
            "= delay, time, solved\n",
            "= delay, time, [[solved] * 99]\n",
            "0.9, ...]]; set self",
        ),
        ("rng.choice(", "rng.integers('a' * 999)(", "(line "),
        ('    score_quantity = Quantity("sign accuracy")\n', "", "no score_quantity"),
        ("(n_trials, self.time, 1))", "(n_trials, self.time, 2))", "draws inputs of shape"),
        ("targets[..., 0])", "targets)", "draws conditions of shape (2, 12, 1)"),
        ("mask[:, : self.delay] = 0", "mask[0] = np.nan", "mask that are not finite"),
        (".mean())", ".mean() * np.nan)", "scores its own targets nan"),
        ("rng.choice(", "rng.chose(", "AttributeError"),
        ("(a.astype(np.float32) for", "(1e39 * a for", "not finite in float32"),
        ("rng.choice([-1.0, 1.0],", "rng.choice([1.0, 1.0],", "targets that do not vary"),
        ("rng.choice(", "np.random.choice(", "on the global generator of numpy.random"),
        ("rng.choice(", "np.random.default_rng().choice(", "from the same rng a second time"),
        (
            "        inputs[:",
            "        import random\n\n        random.random()\n        inputs[:",
            "on the global generator of random; draw on the rng",
        ),
    ],
)
def test_faults_of_a_class_name_what_is_wrong(old, new, words):
    assert words in refused(changed(old, new))


def test_faults_at_sampling_name_the_line():
    line = DELAY[: DELAY.index("sign = rng")].count("\n") + 1
    assert f"(line {line})" in refused(changed("rng.choice(", "rng.chose("))


def test_missing_file():
    with pytest.raises(GivenFileError, match=r"nowhere\.py: there is no such file"):
        task_class("nowhere.py:Delay")


def test_probes_have_an_entry_for_every_input():
    probes = "    def probes(self):\n        return {'one': np.ones(2)}\n\n    def score("
    assert "'one' of shape (2,); (1,) is needed" in refused(changed("    def score(", probes))
    assert np.isfinite(own_task(KIND, {"delay": 3}).solved)
