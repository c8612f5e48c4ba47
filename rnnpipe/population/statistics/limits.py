"""What all statistics of networks share: how sure they are, and how few networks tell nothing."""

# With fewer networks, in all or in the smallest of the groups compared, nothing can be told:
# no interval of so few covers what it should.
FEWEST = 4
# Of intervals, and one less the level of tests.
CONFIDENCE = 0.95
