"""The token classifier behind `extract.entities`: the shipped one, or one of the user's choice.

Nothing heavy is imported until a model is loaded: listing commands must start at once.
"""

from extract.model.errors import ModelError
from extract.model.load import load_tagger

__all__ = ["ModelError", "load_tagger"]
