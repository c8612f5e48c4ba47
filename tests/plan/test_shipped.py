"""What travels with the package is found where it lies."""

from rnnpipe.plan import shipped


def test_a_checkout_has_them_beside_the_package():
    assert (shipped.workflow_folder() / "Snakefile").is_file()
    assert (shipped.scripts_folder() / "train.py").is_file()
    assert (shipped.config_folder() / "config.yaml").is_file()
    assert shipped.workflow_folder().parent == shipped.PACKAGE.parent


def test_a_wheel_has_them_inside_the_package(tmp_path):
    inside = tmp_path / "shipped"
    inside.mkdir()
    find = (shipped.workflow_folder, shipped.scripts_folder, shipped.config_folder)
    folders = [folder(tmp_path) for folder in find]
    assert folders == [inside / name for name in ("workflow", "scripts", "config")]
