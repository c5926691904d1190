"""Who is told, by which channel. Takes messages from the outbox, words them, sends them, marks them sent.

Read in this order: wording → letters → outbox → delivery; `inbox` is what the pages ask.
"""
