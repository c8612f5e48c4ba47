"""What the workflow says to people who run it, among all that Snakemake logs."""

# Marks a note, as an extra of Snakemake's logger.
NOTE = "note"


def tell(text: str) -> None:
    """Log a note, of some lines or none, which `rnnpipe run` shows and Snakemake prints."""
    from snakemake.logging import logger

    if text:
        logger.warning(text.rstrip(), extra={NOTE: True})
