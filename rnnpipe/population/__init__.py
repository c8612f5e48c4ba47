"""All networks together: tables, features, distances, statistics and findings."""
