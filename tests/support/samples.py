"""Samples as an auditor has them drawn, and what anybody draws again from an audit package."""

import io
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from models.samples import Sample, SampleClaim, SampleFinding
from models.vocabulary import Role
from tests.support.stages import approved, rejected, submitted
from tests.support.tampering import Files, unpacked
from tests.support.world import World
from workflow.acts.record import record_act
from workflow.jobs import work_off
from workflow.moves import settled
from workflow.proof.checkpoints import make_checkpoint
from workflow.proof.doing import Signer
from workflow.proof.package import write_package
from workflow.proof.signing import make_key, read_key
from workflow.sampling.asking import ask_sample
from workflow.sampling.doing import sampling_doers

_KEYS = count(1)


def signer_in(folder: Path) -> Signer:
    """Return what signs, with a key of its own."""
    signer = Signer(folder / "signing-key.pem", folder / "checkpoints")
    make_key(signer.key_file)
    return signer


def some_claims(world: World) -> list[int]:
    """Return five claims that hold 4,000.00 each, beside one that holds nothing and one that is a draft."""
    claims = [approved(world) for _ in range(5)]
    rejected(world)
    world.move(world.draft(), "withdraw", "anna")
    returned = submitted(world)
    world.move(returned, "return", "bob", reason="Name the speakers.")
    return claims


def ask(world: World, by: str = "eve", key: str = "", **asked: Any) -> int:
    """Ask for a sample; return its job."""
    wanted = {"method": "money", "size": 2, "seed_text": "lottery 4 8 15", **asked}
    key = key or f"sample{next(_KEYS)}"
    actor, now = world.people[by], world.clock.now()
    return settled(world.database, lambda connection: ask_sample(connection, actor, now, wanted, key))


def work(world: World, signer: Signer) -> int:
    """Draw what was asked for."""
    return work_off(world.database, sampling_doers(signer), world.clock.now)


def drawn(world: World, signer: Signer, **asked: Any) -> Any:
    """Have a sample drawn and return its row."""
    ask(world, **asked)
    work(world, signer)
    return world.rows(Sample)[-1]


def packed(world: World, signer: Signer) -> Files:
    """Return the files of a package, after a checkpoint."""
    key, now, data = read_key(signer.key_file), world.clock.now(), io.BytesIO()
    make_checkpoint(world.database, key, now)
    with world.database.snapshot() as connection:
        write_package(connection, key, now, data)
    return unpacked(data.getvalue())


def drawn_again(files: Files, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run sample.py where nothing is but the package, isolated and without site packages."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", "-S", str(folder / "sample.py")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def put_sample(world: World, *claims: int, note: str = "", **asked: Any) -> None:
    """Put a sample on file that nobody drew, with a finding and its note on each of its claims."""
    now, eve = world.clock.now(), world.people["eve"]
    wanted = {"method": "money", "size": 1, "seed_text": "none", **asked}
    of_claim: dict[str, Any] = {"amount": 1, "units": 1, "hit": None, "risks": []}
    found = {"by_id": eve.user_id, "at": now, "verdict": "in_order", "amount": 0, "note": note}
    with world.database.write() as connection:
        act_id = record_act(connection, eve, now, "sample_asked", "samples", wanted, role=Role.auditor)
        drawn = {"act_id": act_id, "asked": wanted, "drawn_at": now, "checkpoint": 1, "seed": "0" * 64}
        sample_id = connection.scalar(insert(Sample).values(**drawn, claims=1, amount=1).returning(Sample.id))
        for claim_id in claims:
            which = {"sample_id": sample_id, "claim_id": claim_id}
            connection.execute(insert(SampleClaim).values(**which, **of_claim))
            connection.execute(insert(SampleFinding).values(**which, **found, key=f"finding{claim_id}"))
