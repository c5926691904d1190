"""The same evidence twice: what counts as a match, and which ones a claim's documents have.

Same bytes (`Evidence.digest`), the same invoice (`invoices`), the same photo after a change (`pictures`).
"""
