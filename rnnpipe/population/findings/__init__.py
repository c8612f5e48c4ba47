"""Claims about populations of networks, each with its number, interval and verdict."""
