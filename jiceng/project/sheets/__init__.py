"""The sheets that can be brought in and exported: what joins an area to the intake engine."""
