"""Measurements, run by hand: `python -m benchmarks` lists them, `python -m benchmarks NAME` runs one."""
