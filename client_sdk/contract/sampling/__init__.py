"""Sampling: a few telling inputs of a shape, the same ones for the same seed.

`rooms` reads what a place admits out of the schemas that meet there, `scalars` and `building`
make values of it, `samples` varies them. Nothing is returned that does not fit the shape: what
cannot be built for is left out.
"""

from client_sdk.contract.sampling.samples import Sample, sample_inputs

__all__ = ["Sample", "sample_inputs"]
