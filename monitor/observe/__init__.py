"""Looking: fetch, TLS, DNS, and the guard around them."""
