"""What tests of every kind share. Factories stand beside it, in modules of their own subject."""
