"""A simulated month of watching: twenty outlets, known incidents, twelve rules, three targets, fifty kills."""
