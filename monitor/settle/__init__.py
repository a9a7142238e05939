"""What a look changes: findings into runs, runs into standings, standings into incidents, incidents into notices."""
