"""Benchmarks: compared within one run, on one machine, as ratios. `make bench` runs them."""
