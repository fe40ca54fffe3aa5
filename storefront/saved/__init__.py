"""Prompts that people keep on a list of their own, as they were when they were saved. Owns ``saved_prompts``.

Shows a button beside every prompt in the studio. Records ``prompt.saved``,
``prompt.list_extended``, ``prompt.list_replaced``. Asks ``saved.places`` where else a prompt may be read.
"""
