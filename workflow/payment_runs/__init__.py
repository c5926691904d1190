"""Accepted claims are paid together: collected by one person, released by another, exported, recorded."""
