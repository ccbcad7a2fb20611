"""Areas of work: what people in an organisation do. None knows its neighbour."""
