"""What a file looks like that its reader cannot use: a phrase for the message that refuses it."""

import io
import zipfile

# First bytes of formats in which people keep arrays and tables.
MAGIC = {
    b"\x93NUMPY": "a NumPy array (.npy)",
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"MATLAB 7.3": "a MATLAB file of version 7.3 (HDF5)",
    b"MATLAB 5.0": "a MATLAB file",
    b"\x1f\x8b": "compressed by gzip",
    b"\x80": "a pickle of other objects",
}
SAFETENSORS = "a file of safetensors"


def describe_bytes(content: bytes) -> str:
    """Say what the bytes of a file look like, as the end of "it is …"."""
    if not content:
        return "empty"
    if content.startswith(b"PK"):
        return _describe_archive(content)
    for start, kind in MAGIC.items():
        if content.startswith(start):
            return kind
    # A header of JSON behind its length.
    if content[8:9] == b"{" and int.from_bytes(content[:8], "little") < len(content):
        return SAFETENSORS
    try:
        text = content[:1000].decode(errors="strict")
    except UnicodeDecodeError:
        return "of another format"
    return "text" if text.isprintable() or "\n" in text else "of another format"


def _describe_archive(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return "cut short or damaged"
    if any(name.endswith("constants.pkl") for name in names):
        return "a module of torch.jit.save"
    if any(name.endswith("data.pkl") for name in names):
        return "a file of torch.save that is damaged, or holds other objects than tensors"
    if names and all(name.endswith(".npy") for name in names):
        return "an archive of NumPy arrays (.npz)"
    return "a zip archive of other files"
