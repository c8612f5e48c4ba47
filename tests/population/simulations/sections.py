"""Sections of the table of simulations, in their order."""

SIZE = "1. Tests of equal cohorts: populations with p ≤ 0.05"
CONFOUNDED = "2. Tests of a factor without effect beside one with: populations with p ≤ 0.05"
INTERVALS = "3. Intervals: populations in which the 95 % interval holds the truth"
FALSE = "4. False verdicts at the worst truth"
POWER = "5. Power, and that of a test that knows how the populations were made"
