"""The policy whose words and figures a page goes by."""

from web.services import reading, today
from workflow.policies import Policy, default_policy
from workflow.policy_shelf import policy_in_force, policy_version


def policy_of(version_id: int | None) -> Policy:
    """Return the policy of a version: of a claim that has none yet, the one in force today.

    Before the programme has loaded any, the default one.
    """
    connection = reading().connection()
    found = policy_version(connection, version_id) or policy_in_force(connection, today())
    return found.policy if found else default_policy()
