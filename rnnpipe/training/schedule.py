"""Learning-rate schedules: PyTorch's schedulers for the kinds of the experiment file."""

from inspect import unwrap
from math import inf

import torch
from torch.optim import Optimizer, lr_scheduler

from rnnpipe.settings.sections.training import (
    ConstantSchedule,
    CosineSchedule,
    MultiStepSchedule,
    TrainingSettings,
)


class Still(Optimizer):
    """Optimiser that moves nothing: schedulers set its learning rate."""

    # Without its guard against torch's compiler, whose import takes a second.
    add_param_group = unwrap(Optimizer.add_param_group)

    def step(self, closure: None = None) -> None:
        """Move nothing."""


def learning_rates(settings: TrainingSettings) -> list[float]:
    """Learning rate at each step."""
    optimizer = Still([torch.zeros(1)], {"lr": settings.learning_rate})
    scheduler = make_schedule(optimizer, settings)
    rates = []
    for _ in range(settings.steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


def make_schedule(optimizer: Optimizer, settings: TrainingSettings) -> lr_scheduler.LRScheduler:
    """Scheduler to be stepped once after each step of training."""
    schedule, peak, steps = settings.schedule, settings.learning_rate, settings.steps
    match schedule:
        case ConstantSchedule():
            return lr_scheduler.ConstantLR(optimizer, factor=1.0)
        case MultiStepSchedule():
            milestones = schedule.milestone_steps(steps)
            return lr_scheduler.MultiStepLR(optimizer, milestones, schedule.factor)
        case CosineSchedule():
            return lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=schedule.final * peak)
    # One cycle: Smith & Topin 2018 (arXiv:1708.07120).
    return lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=peak,
        # One more than is taken: the scheduler's own last step would be refused.
        total_steps=steps + 1,
        pct_start=schedule.warmup,
        div_factor=1 / schedule.start,
        # A final rate of 0 is a division by infinity.
        final_div_factor=schedule.start / schedule.final if schedule.final else inf,
        cycle_momentum=False,
    )
