"""Builds the tables of extract/places from GeoNames, CLDR and the Korean spelling list."""
