"""Implementations of the core's Judge."""
