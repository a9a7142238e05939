"""Ways to reach people; each tries once."""
