"""Two pieces of one upload at once, on both databases."""

from threading import Thread

from models.claims import Evidence
from tests.functional.conftest import IN_EITHER_STORE, SignIn
from tests.support.files import pdf
from tests.support.tus import Tus
from tests.support.world import World


@IN_EITHER_STORE
def test_of_two_pieces_at_once_one_is_taken(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft()
    clients = [Tus(sign_in(world.people["anna"]), claim_id) for _ in range(2)]
    address = clients[0].begin(len(pdf())).headers["Location"]
    answers: list[int] = []
    threads = [
        Thread(target=lambda one=one: answers.append(one.append(address, 0, pdf()).status_code))
        for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409]
    with world.database.reading_session() as session:
        assert [file.name for file in session.query(Evidence)] == ["offer.pdf"]
