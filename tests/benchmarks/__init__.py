"""How fast the shop is beside the least that its libraries can do: ``make bench``, and docs/speed.md."""
