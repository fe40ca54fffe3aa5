"""What a person holds for a listing. Owns ``licenses`` and the texts of the terms.

Records ``license.granted``, ``license.ended``, ``license.frozen``, ``license.reinstated``.
"""
