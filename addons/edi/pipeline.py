"""From a version to the authority's answer: sign, send, ask, store; resumable at every step.

Each step is committed before the next begins, so a worker may die anywhere. Nothing is sent while
another worker may be sending, and a lost answer is followed by a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from addons.edi.errors import AuthorityFaultError
from addons.edi.formats import Channel, NotKnown, Parcel
from addons.edi.rules import (
    ANSWER_WITHIN,
    Act,
    Situation,
    key_to_ask,
    next_act,
    pause,
    wait_for_sender,
)
from addons.edi.signing import Signed, sign_version
from addons.edi.standing import (
    Standing,
    add_step,
    hold_document,
    keep_artifact,
    situation_of,
    stand,
)
from core.addons.parts import Event
from core.db import trace
from core.events.consumers import RetryLater
from core.events.publish import publish
from core.outcome import Accepted, BrokenRule, Outcome, Pending, Rejected, Unreachable
from core.process import process_of

if TYPE_CHECKING:
    from core.addons.parts import Delivery
    from core.events.consumers import Task
    from core.tenancy import TenantSession

ACCEPTED = "edi.document.accepted.v1"
REJECTED = "edi.document.rejected.v1"


def carry_out(task: Task, delivery: Delivery) -> None:
    """Bring one version as far as it goes now; raise ``RetryLater`` where it must wait.

    Delivered again, or several times at once, it goes on from where the version stands.
    """
    work = _Work(task, UUID(delivery.payload["version"]))
    while True:
        standing = work.look()
        match next_act(standing.situation, task.clock.now()):
            case Act.STOP:
                return
            case Act.WAIT:
                raise RetryLater(
                    wait_for_sender(standing.situation, task.clock.now()),
                    "another worker is sending this document",
                )
            case Act.SIGN:
                work.sign(standing)
            case Act.SEND:
                work.send(standing)
            case Act.ASK:
                work.ask(standing)


@dataclass(frozen=True, slots=True)
class _Work:
    task: Task
    version_id: UUID

    def look(self) -> Standing:
        """Read where the version stands."""
        with self.task.unit(writes=False) as session:
            return stand(session, self.version_id)

    def sign(self, standing: Standing) -> None:
        """Build, sign and check; keep the file first, so that its row never points to nothing."""
        made = sign_version(self.task, standing)
        if isinstance(made, Signed):
            process_of(self.task.database).files.put(self.task.tenant, made.xml)
        with self.task.unit(writes=True) as session:
            document = hold_document(session, standing.document_id)
            now = situation_of(session, document, standing)
            if next_act(now, session.clock.now()) is not Act.SIGN:
                return
            for step, outcome, details in made.steps:
                add_step(session, standing.version_id, step, outcome, details)
            if isinstance(made, Signed):
                name = made.file_name(session)
                keep_artifact(session, standing.version_id, "signed", made.xml, name)
                document.state = "signed"
            else:
                document.state = "rejected"
                self._tell(session, standing, REJECTED)

    def send(self, standing: Standing) -> None:
        """Say that it is being sent, send, and write down what came of it."""
        with self.task.unit(writes=True) as session:
            document = hold_document(session, standing.document_id)
            now = situation_of(session, document, standing)
            if next_act(now, session.clock.now()) is not Act.SEND:
                return
            add_step(session, standing.version_id, "send", "started")
            document.state = "sent"
        self._talk(standing, "send")

    def ask(self, standing: Standing) -> None:
        """Ask what became of it, and write that down."""
        self._talk(standing, "ask")

    def _talk(self, standing: Standing, step: str) -> None:
        parcel = self._parcel(standing)
        channel = self._channel(standing)
        trace.step("send", step)
        try:
            outcome: Outcome = channel.send(parcel) if step == "send" else channel.ask(parcel)
        except AuthorityFaultError as fault:
            with self.task.unit(writes=True) as session:
                hold_document(session, standing.document_id)
                add_step(session, standing.version_id, step, "failed", {"reason": str(fault)})
            raise
        finally:
            channel.close()
        self._store(standing, step, outcome)

    def _store(self, standing: Standing, step: str, outcome: Outcome) -> None:
        files = process_of(self.task.database).files
        answer = outcome.document if isinstance(outcome, Accepted | Rejected) else b""
        if answer:
            files.put(self.task.tenant, answer)
        with self.task.unit(writes=True) as session:
            document = hold_document(session, standing.document_id)
            before = situation_of(session, document, standing)
            if next_act(before, session.clock.now()) is Act.STOP:
                return
            word, details = _written(outcome)
            add_step(session, standing.version_id, step, word, details)
            if word in {"accepted", "rejected"}:
                if answer:
                    name = f"ar-{standing.code}.xml"
                    keep_artifact(session, standing.version_id, "answer", answer, name)
                document.state = word
                self._tell(session, standing, ACCEPTED if word == "accepted" else REJECTED)
                return
            after: Situation = situation_of(session, document, standing)
        raise RetryLater(pause(after.steps), f"{step}: {word}")

    def _parcel(self, standing: Standing) -> Parcel:
        signed = process_of(self.task.database).files.get(self.task.tenant, standing.signed_sha256)
        key = key_to_ask(standing.situation.steps)
        return Parcel(standing.code, standing.file_name, signed, standing.signed_sha256, key)

    def _channel(self, standing: Standing) -> Channel:
        with self.task.unit(writes=False) as session:
            signer = standing.signer(session)
        return signer.form.open_channel(
            signer.issuer,
            signer.identity,
            self.task.clock,
            timeout=ANSWER_WITHIN.total_seconds(),
        )

    def _tell(self, session: TenantSession, standing: Standing, name: str) -> None:
        ids = {"document": str(standing.document_id), "version": str(standing.version_id)}
        publish(session, Event(name, ids))


def _written(outcome: Outcome) -> tuple[str, dict[str, object]]:
    match outcome:
        case Accepted(document=document) if not document:
            # Without its answer an acceptance is a claim: ask for it.
            return "pending", {"reason": "accepted without an answer to keep"}
        case Accepted(warnings=warnings):
            return "accepted", {"rules": _rules(warnings)}
        case Rejected(rules=rules):
            return "rejected", {"rules": _rules(rules)}
        case Pending(key=key):
            return "pending", {"key": key}
        case NotKnown(reason=reason):
            return "not_known", {"reason": reason}
        case Unreachable(reason=reason, maybe_delivered=maybe):
            return ("unreachable" if maybe else "not_delivered"), {"reason": reason}


def _rules(rules: tuple[BrokenRule, ...]) -> list[dict[str, object]]:
    return [{"rule": r.rule, "text": r.text, "warning": r.warning} for r in rules]
