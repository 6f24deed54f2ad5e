"""The shape that STYLE promises: faces of rooms, sizes, captions, annotations; nothing of this machine in the files."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "vedette"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if node is None else f"{name}:{getattr(node, 'lineno', 0)}"


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, _FUNCTIONS):
                yield path, node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def tenth(values: list[int]) -> float:
    """The 90th percentile."""
    return quantiles(values, n=10)[-1]


def public(path: Path) -> Iterator[ast.AST]:
    """Classes, functions and methods of a module that others may use; protocol bodies and overloads aside."""
    for node in tree(path).body:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (n for n in node.body if isinstance(n, _FUNCTIONS) and not n.name.startswith("_"))


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


class TestFaces:
    @pytest.mark.parametrize("room", ROOMS)
    def test_a_room_s_face_is_its_public_names(self, room: str) -> None:
        """What ``__all__`` promises exists, and nothing public stands beside it but the room's own modules."""
        module = import_module(f"vedette.{room}")
        names = list(getattr(module, "__all__", []))
        assert len(set(names)) == len(names)
        for name in names:
            getattr(module, name)
        beside = {
            name
            for name, value in vars(module).items()
            if not name.startswith("_") and name not in names and not isinstance(value, ModuleType)
        } - {"annotations", "TYPE_CHECKING", "Any"}
        assert beside == set()

    @pytest.mark.parametrize("room", ROOMS)
    def test_no_module_hides_a_name_of_the_face(self, room: str) -> None:
        """A sub-module of the same name as a function would take its place as soon as anybody imports it."""
        module = import_module(f"vedette.{room}")
        lazily = vars(module).get("__getattr__")
        for name in getattr(module, "__all__", []):
            if lazily and ((PACKAGE / room / f"{name}.py").exists() or (PACKAGE / room / name).is_dir()):
                meant = lazily(name)
                import_module(f"vedette.{room}.{name}")
                assert getattr(module, name) is meant, name

    @pytest.mark.parametrize("room", ROOMS)
    def test_a_room_s_init_is_a_face_and_no_work(self, room: str) -> None:
        path = PACKAGE / room / "__init__.py"
        kinds = (
            ast.Import,
            ast.ImportFrom,
            ast.Assign,
            ast.AnnAssign,
            ast.AugAssign,
            ast.Expr,
            ast.If,
            ast.FunctionDef,
        )
        assert all(isinstance(node, kinds) for node in tree(path).body)
        assert [node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)] in ([], ["__getattr__"])


class TestSizes:
    def test_modules(self) -> None:
        lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
        assert {name: count for name, count in lines.items() if count > 600} == {}
        assert tenth(list(lines.values())) <= 350
        assert median(lines.values()) <= 120

    def test_functions(self) -> None:
        lines = {place(path, node): length(node) for path, node in functions()}
        assert {name: count for name, count in lines.items() if count > 80} == {}
        assert tenth(list(lines.values())) <= 40
        assert median(lines.values()) <= 9

    def test_documents(self) -> None:
        long = {place(path) for path in tracked() if path.suffix == ".md" and len(path.read_text().splitlines()) > 500}
        assert long == set()


class TestWords:
    @pytest.mark.parametrize("path", MODULES, ids=place)
    def test_every_module_opens_with_a_caption(self, path: Path) -> None:
        if tree(path).body:
            assert ast.get_docstring(tree(path))

    def test_public_names_say_what_they_promise(self) -> None:
        nodes = [(path, node) for path in MODULES for node in public(path)]
        silent = [place(path, node) for path, node in nodes if not ast.get_docstring(node)]  # type: ignore[arg-type]
        assert len(silent) <= 0.2 * len(nodes), silent

    def test_everything_is_annotated(self) -> None:
        bare = [
            place(path, node)
            for path, node in functions()
            if node.returns is None
            or any(
                argument.annotation is None
                for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                if argument.arg not in ("self", "cls")
            )
        ]
        assert bare == []

    def test_ignores_carry_a_code(self) -> None:
        loose = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")
        found = [
            f"{place(path)}:{number}"
            for path in MODULES
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if loose.search(line)
        ]
        assert found == []

    def test_no_room_is_a_drawer(self) -> None:
        drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
        assert [place(path) for path in MODULES if drawers & {path.stem, path.parent.name}] == []

    def test_nothing_is_left_for_later(self) -> None:
        marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
        found = [place(path) for path in MODULES if marks.search(path.read_text(encoding="utf-8"))]
        assert found == []

    def test_broad_excepts_are_rare_and_say_why(self) -> None:
        handlers = [
            (path, node) for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)
        ]
        broad = [
            (path, node)
            for path, node in handlers
            if node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
        ]
        assert len(broad) <= 0.05 * len(handlers)
        for path, node in broad:
            lines = path.read_text(encoding="utf-8").splitlines()
            assert any("#" in line for line in lines[node.lineno - 2 : node.body[0].lineno]), place(path, node)


class TestTrackedFiles:
    #: Built from parts, so that this file does not name what it forbids.
    HOSTS = (
        "py" + "pi.org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "artifactory" + ".",
        "--index" + "-url http",
    )
    PATHS = ("/wo" + "rk/", "/ro" + "ot/")

    def test_no_package_index_and_no_path_of_a_machine(self) -> None:
        found = []
        for path in tracked():
            text = path.read_bytes().decode("utf-8", "ignore")
            found += [f"{place(path)}: {word}" for word in (*self.HOSTS, *self.PATHS) if word in text]
        assert found == []

    def test_no_measuring_data_and_nothing_large(self) -> None:
        large = {place(path): size for path in tracked() if (size := path.stat().st_size) > 1_500_000}
        assert large == {}

    def test_no_note_between_engineers_is_left(self) -> None:
        assert [place(path) for path in tracked() if path.name.startswith("NOTE_")] == []
