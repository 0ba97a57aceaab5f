"""Settings come from the environment, all faults at once."""

import pytest

from broker.settings import Settings, SettingsInvalid, documentation, from_env


def test_an_empty_environment_serves_on_this_machine_from_a_file():
    settings = from_env({})

    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8700)
    assert settings.database_url == "sqlite:///tallystick.db"
    assert settings.migrates_at_start


def test_every_setting_is_read_from_its_variable():
    settings = from_env(
        {
            "TALLY_DATABASE_URL": "postgresql://tally@localhost/tally",
            "TALLY_PORT": " 9000 ",
            "TALLY_BASE_URL": "https://tally.example/broker/",
            "TALLY_TRUSTED_HOSTS": "Tally.example, localhost",
            "TALLY_AUTO_MIGRATE": "yes",
            "TALLY_MAX_BODY_BYTES": "4096",
        }
    )

    assert settings.port == 9000
    assert settings.base_url == "https://tally.example/broker"
    assert settings.trusted_hosts == ("tally.example", "localhost")
    assert settings.migrates_at_start
    assert settings.limits.max_bytes == 4096


def test_postgresql_is_not_migrated_unless_asked():
    assert not from_env({"TALLY_DATABASE_URL": "postgresql://localhost/tally"}).migrates_at_start


def test_all_faults_come_at_once():
    with pytest.raises(SettingsInvalid) as caught:
        from_env({"TALLY_PORT": "99999", "TALLY_THREADS": "many", "TALLY_LOG_FORMAT": "xml"})

    assert caught.value.faults == (
        "TALLY_PORT must be a whole number from 0 to 65535",
        "TALLY_THREADS must be a whole number from 1 to 64",
        "TALLY_LOG_FORMAT must be one of json, console",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/tally"),
        ("DATABASE_URL", " "),
        ("BASE_URL", "tally.example"),
        ("BASE_URL", "https://user:word@tally.example"),
        ("BASE_URL", "https://tally.example/?a=b"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("PORT", "9" * 5000),
        ("AUTO_MIGRATE", "perhaps"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name, value):
    with pytest.raises(SettingsInvalid, match=f"TALLY_{name} "):
        from_env({f"TALLY_{name}": value})


def test_a_file_holds_a_secret(tmp_path):
    secret = tmp_path / "url"
    secret.write_text("postgresql://tally:word@localhost/tally\n")

    settings = from_env({"TALLY_DATABASE_URL_FILE": str(secret)})

    assert settings.database_url == "postgresql://tally:word@localhost/tally"
    assert "word" not in repr(settings)


def test_a_value_and_a_file_for_it_is_a_fault(tmp_path):
    with pytest.raises(SettingsInvalid, match="keep one of them"):
        from_env({"TALLY_HOST": "127.0.0.1", "TALLY_HOST_FILE": str(tmp_path / "host")})


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsInvalid, match="nowhere: No such file"):
        from_env({"TALLY_HOST_FILE": str(tmp_path / "nowhere")})


def test_every_setting_has_its_line_of_documentation():
    lines = documentation()

    assert all(meaning.endswith(".") for _, _, meaning in lines)
    assert ("TALLY_PORT", "8700") in {(name, default) for name, default, _ in lines}
    assert ("TALLY_AUTO_MIGRATE", "") in {(name, default) for name, default, _ in lines}
