"""The script that cuts networks to lower ranks, on two small networks of low rank."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnpipe.networks.behaviour import outputs_on, scores
from rnnpipe.networks.construction import untrained_networks
from rnnpipe.networks.cuts import with_recurrent
from rnnpipe.networks.weights_file import load_networks
from rnnpipe.plan.job_settings import settings_text
from rnnpipe.plan.plan import Plan
from rnnpipe.settings.job_settings import TrainJob
from rnnpipe.tables.parquet import read_table
from rnnpipe.training.evaluation import scored_trials
from tests.helpers.script_runs import path, plan, rewrite, run_stage


def asked(**changes: Any) -> Plan:
    """Two networks of rank 2, and that they be cut."""
    section = {"ranks": [0, 2, 5], "skeletons": [1], **changes}
    return plan(constraints={"none": {"rank": 2}}, ranks=section)


@pytest.fixture(scope="module")
def cut(tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of two networks of low rank, in the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("cut"))
        for stage in ("train", "ranks"):
            settings = settings_text(asked(), stage, "memory", "small", "none", "0-1")
            result = run_stage(stage, settings=settings)
            assert result.exit_code == 0, result.output
        yield read_table(path("ranks")), read_table(path("rank_skeletons"))


def test_every_network_is_scored_up_to_its_full_rank(cut):
    rows = cut[0]
    scored = rows.groupby(["cut", "seed"])["rank"].agg(list).map(set).to_dict()
    # The change of a product of two factors of rank 2 has rank 4.
    assert all({0, 2} <= scored["weights", seed] <= {0, 1, 2} for seed in (0, 1))
    assert all({0, 2, 4} <= scored["change", seed] <= {*range(5)} for seed in (0, 1))


def test_a_network_that_is_cut_nowhere_scores_as_it_was_trained(cut):
    trained = read_table(path("training")).set_index("seed")["score"]
    whole = cut[0].groupby(["seed", "cut"])["rank"].idxmax()
    for row in cut[0].loc[whole].itertuples():
        assert row.score == pytest.approx(trained[row.seed], abs=0.01)


def test_without_change_the_recurrent_weights_are_those_before_training(cut):
    """They are drawn again from the streams of the cohort; no job has kept them."""
    settings = settings_text(asked(), "train", "memory", "small", "none", "0-1")
    job = TrainJob.model_validate_json(settings)
    start = untrained_networks(job.task, job.model, job.constraint, job.replicates).double()
    trained, _ = load_networks(path("weights"))
    networks = with_recurrent(trained.double(), start.weights().recurrent)
    trials = scored_trials(job.task, "memory")
    expected = scores(job.task, outputs_on(networks, trials.inputs), trials)
    rows = cut[0][(cut[0]["cut"] == "change") & (cut[0]["rank"] == 0)]
    assert rows["score"].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_singular_values_fall_and_the_least_rank_is_one_row(cut):
    for _, rows in cut[0].groupby(["seed", "cut"]):
        values = rows["singular_value"].to_numpy()
        assert np.isnan(values[0]) and (np.diff(values[1:]) <= 0).all()
        solved, least = rows["solved"].to_numpy(), rows["least"].to_numpy()
        assert least.sum() == solved[-1]
        if least.any():
            assert solved[least.argmax() :].all() and not solved[: least.argmax()][-1:].any()


def test_skeletons_are_counted_at_the_ranks_asked_for_and_at_the_least(cut):
    ranks, skeletons = cut
    for key, own in skeletons.groupby(["seed", "cut"]):
        rows = ranks[(ranks[["seed", "cut"]] == list(key)).all(axis=1)]
        assert set(own["rank"]) == {1, *rows.loc[rows["least"], "rank"]}
        assert own["probe"].unique().tolist() == ["zero"]
    low = skeletons[skeletons["cut"] == "weights"]
    assert (low["certificate"] == "proved").all()
    unstable = low[[name for name in low if name.startswith("unstable_")]].sum(axis=1)
    assert (unstable + low["marginal"] + low["spurious"] == low["found"]).all()


def test_a_network_whose_training_diverged_is_left_out(cut):
    def diverge(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(stop_reason=["diverged", *rows["stop_reason"][1:]])

    before = path("training").read_bytes()
    try:
        rewrite("training", diverge)
        settings = settings_text(asked(skeletons=[]), "ranks", "memory", "small", "none", "0-1")
        assert run_stage("ranks", settings=settings, out=path("training").parent).exit_code == 0
        again = read_table(path("training").parent / "ranks.parquet")
        assert set(again["seed"]) == {1}
        # What is scored beside a network changes none of its numbers.
        own = cut[0][cut[0]["seed"] == 1].reset_index(drop=True)
        pd.testing.assert_frame_equal(again.reset_index(drop=True), own)
        assert read_table(path("training").parent / "rank_skeletons.parquet").empty
    finally:
        path("training").write_bytes(before)
