"""How a skeleton arises: points and attractors of one network from each kept step to the next."""

from rnnpipe.dynamics.development.develop import Development, Moment, Skeleton, develop
from rnnpipe.dynamics.development.points import Event, Points

__all__ = ["Development", "Event", "Moment", "Points", "Skeleton", "develop"]
