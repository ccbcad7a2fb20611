"""The only place that knows everything: settings, addresses, start, storage checks, backup and upgrade."""
