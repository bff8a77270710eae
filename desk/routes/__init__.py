"""What the desk answers, a file for each group of addresses."""
