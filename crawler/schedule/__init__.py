"""Unattended work: which source is due when, `sageon watch` and `sageon tick`, what they say of themselves."""
