"""The creator's desk: how it went, what was sold, and what waits for its creator. Owns nothing.

Figures are for workspaces whose owner's plan has analytics; what waits is for every member.
"""
