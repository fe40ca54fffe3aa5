"""The shop's health for operators: what waits, what the worker does, what its sweeps mended.

Owns no table; jobs and periodic work are the kit's. What waits in a slice it answers itself: ``health.concerns``.
"""
