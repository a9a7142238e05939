"""The Unix socket: commands in, answers out, nonsense refused without harm."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.control import Control, Refusal, ask


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[Control]:
    async def echo(args: Mapping[str, Any]) -> object:
        return {"said": args["text"]}

    async def no(args: Mapping[str, Any]) -> object:
        raise Refusal(f"there is no incident {args['id']}")

    control = Control(tmp_path / "control.sock", {"echo": echo, "no": no})
    await control.start()
    yield control
    await control.close()


async def test_a_command_and_its_answer(control: Control) -> None:
    assert await ask(control.path, "echo", {"text": "值班"}) == {"said": "值班"}


async def test_a_refusal_reaches_the_person(control: Control) -> None:
    with pytest.raises(Refusal, match="there is no incident 7"):
        await ask(control.path, "no", {"id": 7})


@pytest.mark.parametrize("line", [b"nonsense\n", b"{}\n", b'{"command": "unknown"}\n', b'["echo"]\n', b"\n"])
async def test_nonsense_is_answered_with_what_is_known(control: Control, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(control.path)
    writer.write(line)
    answer = json.loads(await reader.readline())
    writer.close()
    assert answer == {"ok": False, "error": "not a command; known are: echo, no"}


async def test_only_the_group_may_speak(control: Control) -> None:
    assert control.path.stat().st_mode & 0o777 == 0o660


async def test_the_socket_goes_with_the_daemon(tmp_path: Path) -> None:
    control = Control(tmp_path / "control.sock", {})
    control.path.write_text("left behind by a dead process")
    await control.start()
    await control.close()
    assert not control.path.exists()
    with pytest.raises(FileNotFoundError):
        await ask(control.path, "echo", {})
