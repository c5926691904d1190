"""The demo programme: an invented vendor, its partners and their claims, made by the moves that users make.

All of it is an example. It is loaded by `make run` into the SQLite file that it made itself, never elsewhere.
"""
