"""Measures what the product costs, each time against a floor that is measured in the same run."""
