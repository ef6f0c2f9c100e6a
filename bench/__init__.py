"""The benchmark: ours through HTTP beside PostgreSQL itself, always as ratios of one run."""
