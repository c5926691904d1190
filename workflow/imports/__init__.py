"""Data that comes in as files: read into rows, judged over what is on file, applied whole or not at all."""
