"""The closed vocabulary of obligations, one pure function each."""
