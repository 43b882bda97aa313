"""The figures of the code base are counted as they are said to be."""

from house import Function, Module, import_circles, one_word_share, read_modules, report_importers, shared_class_names

FILES = {
    "__init__.py": "",
    "one.py": '''"""A module."""
from sample.web import two


class Shared:
    """Says

    so.
    """

    def _write(self):  # in one word
        """Nothing."""
        return 1

    def __len__(self):
        return 0
''',
    "report.py": "",
    "web/__init__.py": "",
    "web/two.py": """class Shared:
    pass


def look_up():
    from sample import one
    from ..report import draw

    # Twice.
    return one
""",
}


def read(folder):
    for name, text in FILES.items():
        path = folder / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_modules(folder / "sample")


def test_lines_are_blank_code_comments_or_docstrings_and_a_function_is_counted_without_its_own(tmp_path):
    one = next(module for module in read(tmp_path) if module.name == "sample.one")

    assert one == Module(
        name="sample.one",
        lines=16,
        code=6,
        prose=7,
        functions=(Function("_write", 2), Function("__len__", 2)),
        classes=("Shared",),
        imports=frozenset({"sample.web.two"}),
    )


def test_imports_inside_functions_and_relative_ones_count(tmp_path):
    modules = read(tmp_path)

    assert import_circles(modules) == (frozenset({"sample.one", "sample.web.two"}),)
    assert report_importers(modules) == ("sample.web.two",)


def test_a_name_is_one_word_without_a_line_inside_and_dunders_are_left_out(tmp_path):
    functions = [function for module in read(tmp_path) for function in module.functions]

    assert [function.name for function in functions] == ["_write", "__len__", "look_up"]
    assert one_word_share(functions) == 50


def test_a_shared_class_name_tells_where_it_stands(tmp_path):
    assert shared_class_names(read(tmp_path)) == {"Shared": ("sample.one", "sample.web.two")}
