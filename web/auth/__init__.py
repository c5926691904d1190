"""Getting in: sign-in, single-use links, the account page, and who the visitor is."""
