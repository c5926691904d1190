"""A claim and all around it as they stood at a moment of the past, and as they were known by another.

Nothing is stored for it. What was recorded bears the moment at which it was, what changes in place is
undone by the acts since, and money is summed from its entries. All of it is pure over rows that
`gathering.py` reads in a fixed number of statements.
"""
