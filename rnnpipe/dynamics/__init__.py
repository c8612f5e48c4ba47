"""One network as a map: the mathematics of its dynamics, without files, tasks or cells."""
