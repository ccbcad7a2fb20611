"""Pages of notices in the workbench. What the public reads is in `faces.public`."""
