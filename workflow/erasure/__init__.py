"""What is of persons is erased: after its time, or under a request, unless a legal hold stops it."""
