"""Workspaces that several people share, and how one comes into them.

Owns ``invitations``; makes and changes ``workspaces`` of kind ``team`` and their ``memberships``. Records
``team.made``, ``team.changed``, ``team.handed_over``, ``team.deleted``, ``member.invited``, ``member.joined``,
``member.changed``, ``member.left``, ``member.removed`` and ``invitation.revoked``.

A team has one owner, whose plan it has. An owner may not leave, only hand the team over.
"""
