"""/api/v1: what the desk knows as JSON, and the commands of the desk for programs that have the token."""
