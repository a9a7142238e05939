"""A rehearsed city: sites, faults and the truth about them."""
