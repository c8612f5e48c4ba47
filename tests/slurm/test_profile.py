"""What jobs ask of SLURM, as Snakemake reads the profile; no SLURM is needed for that."""

import re
from pathlib import Path

import pytest
import yaml

from tests.workflow.checkout import ROOT, Checkout

PROFILE = Path("profiles/slurm")
SETTINGS = yaml.safe_load((ROOT / PROFILE / "config.yaml").read_text())
RULES = {
    rule
    for file in (ROOT / "workflow" / "rules").glob("*.smk")
    for rule in re.findall(r"^rule (\w+):", file.read_text(), re.MULTILINE)
}


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path, ("--workflow-profile", str(PROFILE)))


def asked(output: str, rule: str) -> dict[str, str]:
    """What the jobs of a rule ask for, which is the same for all of them."""
    jobs = re.findall(rf"^rule {rule}:\n(?:    .*\n)*?    resources: (.*)$", output, re.MULTILINE)
    assert len(set(jobs)) == 1
    return dict(resource.split("=", 1) for resource in jobs[0].split(", "))


def test_rules_of_the_profile_are_there():
    assert SETTINGS["set-resources"].keys() & RULES == SETTINGS["set-resources"].keys() != set()


@pytest.mark.slurm
@pytest.mark.parametrize(("device", "gpus"), [("cuda", "1"), ("auto", "0")])
def test_training_on_cuda_asks_for_a_gpu(checkout, device, gpus):
    output = checkout.run("networks", "--dry-run", compute={"device": device})
    assert asked(output, "train")["gpu"] == gpus


@pytest.mark.slurm
def test_a_rule_of_the_profile_goes_before_all_else(checkout):
    mine = {
        "mem_mb": "700 * attempt",
        "runtime": 7,
        "slurm_partition": "short",
        "slurm_account": "lab",
        "gpu": 2,
    }
    settings = {**SETTINGS, "default-resources": {"runtime": 5, "slurm_partition": "long"}}
    settings["set-resources"] = {"train": mine}
    (checkout.folder / PROFILE / "config.yaml").write_text(yaml.safe_dump(settings))
    output = checkout.run("--dry-run", compute={"device": "cuda"})
    expected = {**{key: str(value) for key, value in mine.items()}, "mem_mb": "700"}
    assert asked(output, "train").items() >= expected.items()
    others = asked(output, "harvest")
    assert (others["runtime"], others["slurm_partition"]) == ("5", "long")
    assert "slurm_account" not in others
