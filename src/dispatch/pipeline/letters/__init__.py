"""Letters: editions that no schedule made, begun, written and let go by the team."""
