"""Proofs that a set of fixed points is complete, for networks of low rank or of few units."""

from rnnpipe.dynamics.proof.prove import Proof, prove

__all__ = ["Proof", "prove"]
