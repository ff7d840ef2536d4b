"""The branch a company works from; a company with one never sees the word."""

from dataclasses import replace

from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.rules.company_nouns import branch_errors
from dispatch.work.accounts import command_line
from dispatch.work.doing import branch_of, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

FIRST_BRANCH_ID = "main"


def only_branch(services: Services) -> Branch:
    """Give the branch of a company that has one, the first by id where it has more; made on first use."""
    with services.store.reading() as tx:
        found = tx.list(Branch, "")
    if found:
        return found[0]
    with services.store.writing() as tx:
        if found := tx.list(Branch, ""):
            return found[0]
        branch = tx.insert(Branch(id=FIRST_BRANCH_ID, name="Kuala Lumpur"))
        record(tx, services, command_line(branch.id), "branch.added", branch.id)
    return branch


def get_branch(services: Services, actor: Actor) -> Branch:
    """Give the actor's branch."""
    with services.store.reading() as tx:
        return branch_of(tx, actor)


def change_branch(services: Services, actor: Actor, branch: Branch) -> Branch:
    """Change a branch's name, hours, area or the prices of its plan's aims; `branch.version` is the one shown."""
    allow(actor, Permission.BRANCH)
    with services.store.writing() as tx:
        changed = replace(tidy(branch), id=actor.branch_id)
        refuse(branch_errors(changed))
        kept = tx.update(changed)
        record(tx, services, actor, "branch.changed", branch.id)
    return kept
