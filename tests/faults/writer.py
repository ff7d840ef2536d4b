"""Adds clients one transaction each, and says each one's id once it is kept; killed by the tests."""

import sys
from itertools import count

from dispatch.model.people import Client
from dispatch.store import open_store

if __name__ == "__main__":
    store = open_store(sys.argv[1])
    for number in count():
        with store.writing() as tx:
            tx.insert(Client(id=f"{number:06}", branch_id="kl", name="Lim", first_name="Mei"))
            tx.insert(Client(id=f"{number:06} twin", branch_id="kl", name="Lim", first_name="Ling"))
        sys.stdout.write(f"{number:06}\n")
        sys.stdout.flush()
