"""Settings: each layer wins over the one before, and a mistake is one line that names where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Config, ConfigError, load_config


def write(folder: Path, text: str) -> Path:
    file = folder / "sageon.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config(env={}) == Config()


def test_a_file_in_the_working_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'contact = "desk@example.org"\nreaders = 3\n')
    monkeypatch.chdir(tmp_path)
    assert load_config(env={}).contact == "desk@example.org"
    assert load_config(env={}).reader_count() == 3


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "names = true\nread_batch = 8\n")
    config = load_config(file, env={"SAGEON_NAMES": "no", "SAGEON_READ_BATCH": "4"})
    assert (config.names, config.read_batch) == (False, 4)


def test_source_folders_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    file = write(tmp_path, 'sources = ["mine"]\n')
    assert load_config(file, env={}).sources == (str(tmp_path / "mine"),)


def test_a_bare_path_is_a_sqlite_file(tmp_path: Path) -> None:
    file = write(tmp_path, 'database_url = "news.db"\n')
    assert load_config(file, env={}).database_url == "sqlite:///news.db"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('readers = "two"', "readers: expected a whole number of at least 0, not 'two'"),
        ("read_batch = 0", "read_batch: expected a whole number of at least 1, not 0"),
        ('names = "perhaps"', "names: expected true or false, not 'perhaps'"),
        ('contact = "a\\nb"', "contact: expected a mail address or the address of a page, in ASCII"),
        ('contact = "서울 뉴스룸 desk@example.kr"', "in ASCII (it goes into a header), not '서울 뉴스룸"),
        ('sources = "mine"', "sources: expected a list of folders, not 'mine'"),
        ("redaer = 2", "redaer: no such setting; the settings are database_url,"),
        ("readers = ", "not TOML"),
    ],
)
def test_a_mistake_names_file_and_key(tmp_path: Path, text: str, expected: str) -> None:
    file = write(tmp_path, text + "\n")
    with pytest.raises(ConfigError) as mistake:
        load_config(file, env={})
    assert str(mistake.value).startswith(f"{file}: ")
    assert expected in str(mistake.value)


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(ConfigError, match=r"^SAGEON_READERS: expected a whole number of at least 0, not 'many'$"):
        load_config(env={"SAGEON_READERS": "many"})


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: No such file"):
        load_config(env={"SAGEON_CONFIG": str(tmp_path / "absent.toml")})
