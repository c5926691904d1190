"""Figures over many claims: money, times, reasons, returns. Each leads to the claims behind it."""
