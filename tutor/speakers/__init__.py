"""Implementations of the core's Speaker."""
