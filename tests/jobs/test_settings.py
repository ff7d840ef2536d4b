"""Settings come from the environment, wrong ones are said by name, and the parts are put together as they say."""

import stat
from pathlib import Path

import pytest

from dispatch.errors import BadInput, Conflict
from dispatch.settings import Settings
from dispatch.store import migrate
from dispatch.wiring import build_services, load_settings, new_id, now, open_database
from dispatch.words import sentence


def test_unset_settings_have_safe_values() -> None:
    """Without any setting the server listens to this machine alone, on SQLite, and asks nobody outside."""
    settings = load_settings()
    assert (settings.host, settings.port, settings.url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database_url.get_secret_value() == settings.secret_key.get_secret_value() == ""
    assert settings.nominatim_domain == ""


def test_settings_are_read_under_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain name counts, the prefixed one counts more, an empty one not at all, and what is given most of all."""
    monkeypatch.setenv("PORT", "8001")
    assert load_settings().port == 8001
    monkeypatch.setenv("LALUAN_PORT", "8002")
    assert load_settings().port == 8002
    assert load_settings(port=8003).port == 8003
    monkeypatch.setenv("LALUAN_PORT", "")
    monkeypatch.setenv("DATABASE_URL", "")
    assert load_settings().port == 8001
    monkeypatch.setenv("HOST", "::1")
    assert load_settings().url == "http://[::1]:8001"
    monkeypatch.setenv("LALUAN_PUBLIC_URL", "https://plan.example.com/")
    assert load_settings().url == "https://plan.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("LALUAN_PORT", "70000"),
        ("LALUAN_THREADS", "0"),
        ("SECRET_KEY", "hunter2"),
        ("LALUAN_PUBLIC_URL", "plan.example.com"),
        ("LALUAN_TILES_URL", "ftp://tiles.example.com/{z}/{x}/{y}.png"),
        ("LALUAN_TILES_URL", "https://tiles.example.com/{z}/{x}.png"),
        ("LALUAN_TILES_URL", "https://{s}.tiles.example.com/{z}/{x}/{y}.png"),
        ("LALUAN_TILES_URL", "https://tiles.example.com/{z}/{x}/{y}/{z}.png"),
        ("LALUAN_TILES_URL", "https://me:hush@tiles.example.com/{z}/{x}/{y}.png"),
        ("LALUAN_TILES_URL", "https://a.example; script-src *//{z}/{x}/{y}.png"),
        ("LALUAN_TILES_URL", "https://tiles.example.com/{{z}}/{x}/{y}`${alert(1)}.png"),
    ],
)
def test_a_wrong_setting_is_said_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value that cannot be is refused with a sentence that names the setting and never the value."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput) as caught:
        load_settings()
    said = sentence(caught.value.code, caught.value.values)
    assert name.removeprefix("LALUAN_") in said
    assert value not in said.replace("https://plan.example.com", "")


def test_a_tile_server_needs_to_be_credited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tile server is taken with the name of who made its map, and refused without it."""
    monkeypatch.setenv("LALUAN_TILES_URL", "https://tiles.example.com:8443/osm/{z}/{x}/{y}.png?key=a-b")
    with pytest.raises(BadInput, match="tiles_attribution"):
        load_settings()
    monkeypatch.setenv("LALUAN_TILES_ATTRIBUTION", "© The mapmakers")
    assert load_settings().tiles_attribution == "© The mapmakers"


def test_a_geocoder_needs_to_know_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Nominatim server is only asked under a name."""
    monkeypatch.setenv("LALUAN_NOMINATIM_DOMAIN", "nominatim.example.com")
    with pytest.raises(BadInput, match="nominatim_user_agent"):
        load_settings()
    monkeypatch.setenv("LALUAN_NOMINATIM_USER_AGENT", "Example Massage, office@example.com")
    assert load_settings().nominatim_domain == "nominatim.example.com"


def test_every_setting_has_its_sentence_and_its_row_in_the_reference() -> None:
    """Whichever setting is wrong, there is a sentence for it; and the reference names them all."""
    reference = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert name.upper() in sentence(f"settings.{name}")
        assert f"{name.upper()}`" in reference


def test_services_are_built_on_an_empty_folder(tmp_path: Path) -> None:
    """The first start makes the folder, the database and the secret; the second finds them as they are."""
    settings = load_settings(data_dir=tmp_path / "deep" / "data")
    first = build_services(settings)
    first.store.check_schema()
    first.store.close()
    second = build_services(settings)
    second.store.close()
    secret = settings.data_dir / "secret"
    assert first.secret == second.secret == secret.read_text().strip()
    assert len(first.secret) >= 32
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert {path.name for path in settings.data_dir.iterdir()} == {"secret", "laluan.sqlite3"}


def test_a_secret_that_is_set_is_not_written_down(tmp_path: Path) -> None:
    """With SECRET_KEY set nothing is kept in a file; a file that was emptied is refused instead of being trusted."""
    settings = load_settings(data_dir=tmp_path, secret_key="x" * 40)
    services = build_services(settings)
    services.store.close()
    assert services.secret == "x" * 40
    assert not (tmp_path / "secret").exists()
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(BadInput, match=r"settings\.secret_short"):
        build_services(load_settings(data_dir=tmp_path))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """Where a file stands in the folder's place, the sentence names the path, and nothing is made."""
    (tmp_path / "file").write_text("here first")
    with pytest.raises(BadInput) as caught:
        build_services(load_settings(data_dir=tmp_path / "file" / "data"))
    assert caught.value.code == "settings.folder"
    assert str(tmp_path / "file" / "data") in sentence(caught.value.code, caught.value.values)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_older_database_is_left_alone_until_it_is_upgraded(tmp_path: Path) -> None:
    """Services are not built on an older schema; the store alone opens, so that it can be upgraded."""
    settings = load_settings(data_dir=tmp_path)
    store = open_database(settings)
    migrate.upgrade(store._engine, "0001")
    with pytest.raises(Conflict, match=r"store\.schema_old"):
        build_services(settings)
    store.upgrade()
    store.close()
    build_services(settings).store.close()


def test_an_address_is_found_without_asking_anybody(tmp_path: Path) -> None:
    """The resolver knows the shipped places."""
    services = build_services(load_settings(data_dir=tmp_path))
    found = services.resolve_address("Bangsar")
    services.store.close()
    assert abs(found.point.lat - 3.13) < 0.02
    assert found.area


def test_ids_are_new_and_sort_by_their_time() -> None:
    """No two ids are the same, and one made later sorts later."""
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {len(made) for made in ids} == {32}
    assert [made[:12] for made in ids] == sorted(made[:12] for made in ids)
    assert now().tzinfo is not None
