"""`rnnpipe …`: the commands for people, one file per command."""
