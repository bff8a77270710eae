"""Fits the weights of extract/resolve. Not installed with the product."""
