"""Learning-rate schedules: the experiment file's words for PyTorch's schedulers."""

from collections.abc import Mapping
from math import inf
from typing import Any

import torch
from torch.optim import SGD, Optimizer, lr_scheduler


def learning_rates(schedule: Mapping[str, Any], peak: float, steps: int) -> list[float]:
    """Learning rate at each of `steps` updates; arguments are those of `make_schedule`."""
    optimizer = SGD([torch.zeros(1)], lr=peak)
    scheduler = make_schedule(optimizer, schedule, peak, steps)
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


def make_schedule(
    optimizer: Optimizer, schedule: Mapping[str, Any], peak: float, steps: int
) -> lr_scheduler.LRScheduler:
    """Scheduler to be stepped once after each of `steps` updates.

    Parameters
    ----------
    schedule
        `kind` and its parameters: ``constant``; ``multi_step`` (`milestones`
        in steps, `factor`); ``cosine`` (`final`, over peak);
        ``one_cycle`` (`warmup`, fraction of the steps; `start` and `final`,
        over peak), Smith & Topin 2018 (arXiv:1708.07120).
    peak
        Highest learning rate.
    """
    kind = schedule["kind"]
    if kind == "constant":
        return lr_scheduler.ConstantLR(optimizer, factor=1.0)
    if kind == "multi_step":
        return lr_scheduler.MultiStepLR(optimizer, schedule["milestones"], schedule["factor"])
    if kind == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=schedule["final"] * peak)
    return lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=peak,
        # One more than is taken: the scheduler's own last step would be refused.
        total_steps=steps + 1,
        pct_start=schedule["warmup"],
        div_factor=1 / schedule["start"],
        # A final rate of 0 is a division by infinity.
        final_div_factor=schedule["start"] / schedule["final"] if schedule["final"] else inf,
        cycle_momentum=False,
    )
