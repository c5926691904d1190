"""Administrative acts: what programme managers change, each with its row of history.

Every act takes a connection in the caller's write transaction, the actor and the moment; it raises Refused
with the field and the reason where it may not be done.
"""
