"""What there is: reading a folder of results."""
