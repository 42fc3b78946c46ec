"""Which language a file is written in, by its name: how its words are bounded, and whether naming a flag is use."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Family(Enum):
    """How text is read: where a bare word may be a key, and what joins words into longer ones."""

    CODE = "code"  # a dot may be the access to a property, a hyphen is a minus
    DATA = "data"  # a word before `:` or `=` is a key
    MARKUP = "markup"
    STYLE = "style"  # its words are classes and properties: only what is quoted counts
    PROSE = "prose"


_LANGUAGES: Final[dict[str, tuple[Family, str]]] = {
    "javascript": (Family.CODE, ".js .jsx .mjs .cjs"),
    "typescript": (Family.CODE, ".ts .tsx .mts .cts"),
    "sourcemap": (Family.CODE, ".map"),
    "vue": (Family.CODE, ".vue"),
    "svelte": (Family.CODE, ".svelte"),
    "astro": (Family.CODE, ".astro"),
    "coffeescript": (Family.CODE, ".coffee"),
    "go": (Family.CODE, ".go"),
    "java": (Family.CODE, ".java"),
    "kotlin": (Family.CODE, ".kt .kts"),
    "scala": (Family.CODE, ".scala"),
    "groovy": (Family.CODE, ".groovy .gradle"),
    "swift": (Family.CODE, ".swift"),
    "dart": (Family.CODE, ".dart"),
    "ruby": (Family.CODE, ".rb .erb .rake"),
    "php": (Family.CODE, ".php .phtml"),
    "csharp": (Family.CODE, ".cs .cshtml .razor"),
    "rust": (Family.CODE, ".rs"),
    "c": (Family.CODE, ".c .h .cc .cpp .cxx .hpp .m .mm"),
    "elixir": (Family.CODE, ".ex .exs .eex .heex"),
    "lua": (Family.CODE, ".lua"),
    "perl": (Family.CODE, ".pl .pm"),
    "r": (Family.CODE, ".r"),
    "cython": (Family.CODE, ".pyx .pxd .pxi"),
    "mako": (Family.CODE, ".mako .mak"),
    "graphql": (Family.CODE, ".graphql .gql"),
    "protobuf": (Family.CODE, ".proto"),
    "html": (Family.MARKUP, ".html .htm .xhtml .djhtml"),
    "jinja": (Family.MARKUP, ".jinja .jinja2 .j2"),
    "xml": (Family.MARKUP, ".xml .svg .xsl .plist .xliff .xlf"),
    "handlebars": (Family.MARKUP, ".hbs .handlebars .mustache .ejs .pug .haml .slim .liquid .twig"),
    "css": (Family.STYLE, ".css .scss .sass .less .styl"),
    "yaml": (Family.DATA, ".yaml .yml"),
    "toml": (Family.DATA, ".toml"),
    "json": (Family.DATA, ".json .jsonc .json5 .jsonl .ndjson .webmanifest .avsc .ipynb .har"),
    "ini": (Family.DATA, ".ini .cfg .conf .properties .env .editorconfig"),
    "hcl": (Family.DATA, ".tf .tfvars .hcl"),
    "csv": (Family.DATA, ".csv .tsv"),
    "po": (Family.DATA, ".po .pot"),
    "sql": (Family.DATA, ".sql .ddl .hql"),
    "shell": (Family.DATA, ".sh .bash .zsh .fish .ps1 .bat .cmd"),
    "docker": (Family.DATA, ".dockerfile"),
    "make": (Family.DATA, ".mk .mak"),
    "markdown": (Family.PROSE, ".md .markdown .mdx .mdown"),
    "restructuredtext": (Family.PROSE, ".rst .rest"),
    "asciidoc": (Family.PROSE, ".adoc .asciidoc"),
    "text": (Family.DATA, ".txt .text .log .in"),
}
_FAMILIES: Final = {name: family for name, (family, _) in _LANGUAGES.items()} | {"lock": Family.DATA}
_BY_ENDING: Final = {ending: name for name, (_, endings) in _LANGUAGES.items() for ending in endings.split()}
_BY_NAME: Final = {
    "dockerfile": "docker", "containerfile": "docker", "makefile": "make", "gnumakefile": "make", "justfile": "make",
    "procfile": "shell", "jenkinsfile": "groovy", "vagrantfile": "ruby", "gemfile": "ruby", "rakefile": "ruby",
    "codeowners": "text", "readme": "markdown", "changelog": "markdown", "changes": "markdown", "news": "markdown",
    "history": "markdown",
}  # fmt: skip
_LOCKS: Final = frozenset(
    {
        "poetry.lock", "uv.lock", "pdm.lock", "pipfile.lock", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock",
        "pnpm-lock.yaml", "bun.lock", "cargo.lock", "gemfile.lock", "composer.lock", "go.sum", "flake.lock",
    }
)  # fmt: skip

NEVER_USES: Final = frozenset({"markdown", "restructuredtext", "asciidoc", "lock"})
"""The languages in which naming a flag is no use of it: prose, and what a package manager wrote."""


def language_of(path: str) -> str:
    """Return the language of a file that is not Python, by its name; `text` when the name says nothing."""
    name = path.rpartition("/")[2].lower()
    if name in _LOCKS:
        return "lock"
    if name.startswith(".env") and not name.removeprefix(".env").strip(".-_abcdefghijklmnopqrstuvwxyz"):
        return "ini"
    stem, dot, ending = name.rpartition(".")
    if not stem and not dot:
        return _BY_NAME.get(name, "text")
    if stem.startswith("dockerfile"):
        return "docker"
    return _BY_ENDING.get(f".{ending}") or _BY_NAME.get(name) or "text"


def family_of(language: str) -> Family:
    """Return how the text of a language is read."""
    return _FAMILIES.get(language, Family.DATA)
