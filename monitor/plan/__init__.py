"""What is due, and when again."""
