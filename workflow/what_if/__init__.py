"""Past claims judged by another policy: what would have come out otherwise. Nothing of it changes a claim."""
