"""Words on pictures, in any script that the packaged typefaces hold.

A title may be Latin, Cyrillic, Chinese, Arabic, an emoji, or all of them on one line. ``clusters`` finds what is one
sign, ``faces`` the typeface that has it, ``lines`` the order in which signs stand, where lines break and at which
size they fit. Pillow draws them, its Raqm shapes them. A sign that no typeface has is left out: no empty boxes.
"""

from .lines import Setting, base_direction, cut, drawable, fit, line_height

__all__ = ["Setting", "base_direction", "cut", "drawable", "fit", "line_height"]
