"""What auditors search: which rows there are, what they may be asked for, and what an export says of each."""
