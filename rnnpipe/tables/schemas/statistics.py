"""Tables on cohorts, factors, claims and jobs: what the comparison of networks comes to."""

from collections.abc import Mapping

from rnnpipe.tables.schemas.columns import Columns, number, text, whole
from rnnpipe.tables.schemas.shared import CONSTRAINT, MODEL, TASK

STATISTICS: Mapping[str, Columns] = {
    "statistics": {
        "task": TASK,
        "metric": text("Name of the metric."),
        "factor": text("What the networks differ in, such as `cell`, `activation` or `units`."),
        "adjusted_for": text("The other factors in the model, with commas; empty if none."),
        "confounded_with": text(
            "Factors that it cannot be told from, with commas; empty if none, and numbers given "
            "the others are NaN if any."
        ),
        "networks": whole("Networks that are compared: solved ones that have the factor."),
        "groups": whole("Groups of networks that are alike in the factor."),
        "smallest": whole("Networks in the smallest of them."),
        "omega2": number(
            "ω²: share of the variance of the distances that the factor explains given the others; "
            "NaN where nothing is left to explain or to test with."
        ),
        "omega2_low": number(
            "Lower end of the 95 % interval of ω²; NaN where a group has fewer than four networks."
        ),
        "omega2_high": number("Upper end of the 95 % interval of ω²; NaN where the lower end is."),
        "df": whole("Degrees of freedom that the factor adds to the others."),
        "f": number("Pseudo-F of the factor given the others; NaN where ω² is."),
        "p": number("p of this F, by permutation; NaN where ω² is."),
        "p_adjusted": number(
            "p corrected for all tests of the table (Benjamini and Hochberg); NaN where p is."
        ),
        "dispersion_f": number(
            "F of how widely the groups scatter; NaN where a cell of the design has fewer than "
            "three networks or nothing differs."
        ),
        "dispersion_p": number("p of this F, by permutation, not corrected; NaN where the F is."),
        "silhouette": number(
            "Mean silhouette of the groups, from -1 to 1; NaN for groups of single networks."
        ),
        "neighbour": number("Share of the networks whose nearest other one is of their group."),
        "neighbour_chance": number("The share to expect of groups without meaning."),
        "within": number("Mean distance of two networks of one group; NaN without such pairs."),
        "between": number("Mean distance of two networks of different groups."),
        "ratio": number(
            "Within over between: near 1 where the factor does not matter; NaN where between is 0."
        ),
    },
    "mantel": {
        "task": TASK,
        "first": text("Name of a metric."),
        "second": text("Name of another metric."),
        "networks": whole("Networks that both compare."),
        "r": number(
            "Rank correlation of the distances of all pairs of networks; NaN for fewer than three "
            "networks or distances all equal."
        ),
        "p": number("p of r, two-sided, by permutation; NaN where r is."),
        "p_adjusted": number(
            "p corrected for all tests of the table (Benjamini and Hochberg); NaN where p is."
        ),
    },
    "effects": {
        "task": TASK,
        "model": MODEL,
        "reference": text("Constraint that is compared with: the first of the experiment file."),
        "constraint": CONSTRAINT,
        "measure": text("A column of the table `networks`, or `score_` and a setting."),
        "networks": whole("Networks of both cohorts that count."),
        "counted": whole("Networks of the constraint that count."),
        "lacking": whole("Networks of the constraint that lack the measure."),
        "diverged": whole("Networks of the constraint whose training diverged."),
        "reference_counted": whole("Networks of the reference that count."),
        "reference_lacking": whole("Networks of the reference that lack the measure."),
        "reference_diverged": whole("Networks of the reference whose training diverged."),
        "difference": number(
            "Mean of the constraint less mean of the reference, in the measure's unit; NaN where "
            "no network of either counts."
        ),
        "effect": number(
            "Hedges' g: the difference in pooled standard deviations; infinite where neither "
            "varies, NaN where either has fewer than two networks."
        ),
        "low": number(
            "Lower end of the 95 % interval of g; NaN where either has fewer than four networks or "
            "there is no scale."
        ),
        "high": number("Upper end of the 95 % interval of g; NaN where the lower end is."),
        "needed": number(
            "Networks per cohort that would find a g of this size; NaN where the interval leaves "
            "out 0 or g is not finite, infinite where g is 0."
        ),
        "p": number(
            "p of the difference, two-sided, by permutation; NaN where either has fewer than four "
            "networks."
        ),
        "p_adjusted": number(
            "p corrected for all tests of the table (Benjamini and Hochberg); NaN where p is."
        ),
    },
    "findings": {
        "claim": text("Number of the claim: `F4`; with a letter where it has parts."),
        "task": TASK,
        "sentence": text("The claim in words."),
        "quantity": text("What was measured; of a share, what makes one network right."),
        "unit": text("Unit of the value; empty for a share or a pure number."),
        "value": number("The number measured; NaN where there is none."),
        "low": number("Lower end of its 95 % interval; NaN where there is none."),
        "high": number("Upper end of its 95 % interval; NaN where there is none."),
        "threshold": number("Value above which the claim holds."),
        "verdict": text("`holds`, `does not hold` or `cannot be told`."),
        "networks": whole("Networks that were judged."),
        "right": number("Networks that are right; NaN if the claim is not about a share."),
        "needed": number(
            "Networks that a verdict would need if the value stayed what it is; NaN where a "
            "verdict was reached or nothing measured, infinite where no number would do."
        ),
        "needed_where": text(
            "Where these are: `in all` or `in the smallest group`; empty where none are named."
        ),
        "adjusted_for": text("Factors given which a factor was judged; empty for other claims."),
    },
    "seconds": {
        "rule": text("Name of the rule, whose jobs run one stage or some that follow each other."),
        "task": TASK,
        "model": MODEL,
        "constraint": CONSTRAINT,
        "seeds": text("Label of the block: its first and last seed."),
        "networks": whole("Number of its networks."),
        "seconds": number("Seconds of the job by the clock; NaN if it was not measured."),
        "cpu_seconds": number("Seconds of processor time; NaN if they were not measured."),
        "memory_mb": number("Largest resident memory, in MB; NaN if it was not measured."),
    },
}
