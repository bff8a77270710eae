"""How the shipped tables, scorers and models are made. Nothing here is imported at run time."""
