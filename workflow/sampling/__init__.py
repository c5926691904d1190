"""Samples of claims for auditors, which anybody can draw again from an audit package."""
