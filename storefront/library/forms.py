"""What holders type."""

from __future__ import annotations

from flask_wtf import FlaskForm

from storefront.works.container.phrases import phrase_field


class DownloadForm(FlaskForm):  # type: ignore[misc]
    phrase = phrase_field()
