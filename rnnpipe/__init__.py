"""rnnpipe: train populations of recurrent networks and compare their dynamics."""

__version__ = "0.1.0"
