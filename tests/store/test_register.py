"""The register of messages: taken down once, answered once, each a line of the event log."""

from dataclasses import replace

from monitor.model import MessageClass, PublicMessage
from monitor.store import brought, events, register
from tests.store.made import DAY, HOUR, NOON, store

ONE = PublicMessage(id="202611200001", target="site-1", cls=MessageClass.JIUCUO, received_at=NOON)


def test_a_message_waits_until_it_is_answered() -> None:
    with store() as tx:
        assert register.add_message(tx, ONE, "import", "李四", NOON + HOUR)
        assert brought.waiting(tx, "site-1") == (ONE,)
        assert register.answer_message(tx, replace(ONE, answered_at=NOON + DAY), "李四", NOON + 2 * DAY)
        assert brought.waiting(tx, "site-1") == ()
        came, answered = reversed(events.newest(tx, 5))
        assert (came.what, came.who, came.body["class"], came.body["source"]) == (
            "message.received", "李四", "jiucuo", "import",
        )  # fmt: skip
        assert (answered.what, answered.body["message"]) == ("message.answered", ONE.id)
        assert events.verify(tx) is None


def test_taken_down_twice_it_is_one() -> None:
    with store() as tx:
        assert register.add_message(tx, ONE, "import", "李四", NOON)
        again = replace(ONE, cls=MessageClass.HANDLING, received_at=NOON + HOUR)
        assert not register.add_message(tx, again, "import", "王五", NOON + HOUR)
        assert register.add_message(tx, replace(ONE, target="site-2"), "import", "李四", NOON), (
            "another target's register"
        )
        assert brought.waiting(tx, "site-1") == (ONE,)
        assert len(events.newest(tx, 5)) == 2


def test_what_cannot_be_answered_changes_nothing() -> None:
    with store() as tx:
        answered = replace(ONE, answered_at=NOON + DAY)
        assert not register.answer_message(tx, answered, "李四", NOON), "nobody took it down"
        register.add_message(tx, ONE, "import", "李四", NOON)
        assert not register.answer_message(tx, replace(ONE, answered_at=NOON - HOUR), "李四", NOON), "before it came"
        assert register.answer_message(tx, answered, "李四", NOON)
        assert not register.answer_message(tx, replace(ONE, answered_at=NOON + HOUR), "李四", NOON), "it has one"
        assert [one.what for one in events.newest(tx, 5)] == ["message.answered", "message.received"]
