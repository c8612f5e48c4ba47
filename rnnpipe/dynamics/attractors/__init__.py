"""Where runs end under one constant input: attractors of every kind."""
