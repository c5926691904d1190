"""History that proves itself: chains of hashes, signed checkpoints, and what verifies both."""
