"""An approval as statements written by hand. `FOR UPDATE` is left out on SQLite, where a writer is alone."""

LOCK = "SELECT id FROM claim WHERE id = :claim FOR UPDATE"

CLAIM = """
SELECT task.id, claim.*, partner.name, partner.partner_type, partner.country, period.code, period.first_day,
       period.last_day, period.closed_at, task.kind, task.assignee_id, programme.time_zone, link.hash
FROM claim
JOIN programme ON programme.id = 1
JOIN partner ON partner.id = claim.partner_id
LEFT JOIN period ON period.id = claim.period_id
LEFT JOIN task ON task.claim_id = claim.id AND task.closed_at IS NULL
LEFT JOIN link ON link.chain = claim.id AND link.position = claim.moves
WHERE claim.id = :claim
"""

FACTS = (
    """
    SELECT id, partner_id, period_id, available, reserved, paid
    FROM fund WHERE partner_id = :partner_id AND period_id = :period_id FOR UPDATE
    """,
    """
    SELECT certificate.valid_from, certificate.valid_until, certificate.revoked_on
    FROM certificate
    LEFT JOIN certificate AS newer ON newer.replaces_id = certificate.id
    WHERE certificate.partner_id = :partner_id AND newer.id IS NULL
    ORDER BY certificate.valid_from, certificate.id
    """,
    """
    SELECT id, partner_id, is_contact FROM "user"
    WHERE deactivated_at IS NULL AND (id = :author_id OR is_contact AND partner_id = :partner_id) ORDER BY id
    """,
    "SELECT * FROM claim_line WHERE claim_id = :claim ORDER BY kind, position",
    "SELECT * FROM evidence WHERE claim_id = :claim ORDER BY id",
    """
    SELECT period.code, performance.required, performance.achieved
    FROM performance
    JOIN period ON period.id = performance.period_id
    LEFT JOIN performance AS newer ON newer.replaces_id = performance.id
    WHERE performance.partner_id = :partner_id AND newer.id IS NULL
    ORDER BY period.first_day, performance.id
    """,
    """
    SELECT user_role.role, move.actor_id, move.number, move."trigger", move.source, move.target
    FROM "user"
    JOIN user_role ON user_role.user_id = "user".id
    LEFT JOIN move ON move.claim_id = :claim AND move."key" = :key
    WHERE "user".id = :actor AND "user".deactivated_at IS NULL
    """,
)

WRITES = (
    """
    UPDATE claim
    SET state = 'approved', state_since = :now, approved = :approved, expired_from = NULL,
        reserved = :approved, paid = 0, version = :version + 1, moves = :number
    WHERE id = :claim AND version = :version AND state = 'submitted'
    """,
    """
    UPDATE fund SET available = available - :approved, reserved = reserved + :approved
    WHERE id = :fund AND available - :approved >= 0
    """,
    """
    INSERT INTO move (claim_id, number, partner_id, "trigger", source, target, actor_id, role, at, day,
                      policy_version_id, requested, approved, reimbursable, reserved, paid, verdicts,
                      document, figures, reason_hash, "key")
    VALUES (:claim, :number, :partner_id, 'approve', 'submitted', 'approved', :actor, 'approver', :now,
            :day, :policy, :requested, :approved, NULL, :approved, 0, :verdicts,
            :document, :move_figures, NULL, :key)
    """,
    """
    INSERT INTO link (chain, position, subject, text, hash)
    VALUES (:claim, :number, NULL, :link_text, :link_hash)
    """,
    """
    INSERT INTO ledger_entry (fund_id, kind, source, target, amount, claim_id, move_number, at)
    VALUES (:fund, 'reserve', 'available', 'reserved', :approved, :claim, :number, :now)
    """,
    "UPDATE task SET closed_at = :now WHERE id = :task",
    """
    INSERT INTO message ("key", user_id, kind, claim_id, figures, created_at, delivery, due_at, attempts)
    VALUES (:first_key, :author_id, 'decision', :claim, :figures, :now, 'waiting', :now, 0),
           (:second_key, :contact_id, 'decision', :claim, :figures, :now, 'waiting', :now, 0)
    """,
)

AN_APPROVAL = """
SELECT claim.partner_id, claim.period_id, claim.author_id, claim.state_since AS now,
       claim.version - 1 AS version, claim.moves AS number, claim.approved, fund.id AS fund,
       move.actor_id AS actor, move.day, move.policy_version_id AS policy, move.requested, move.verdicts,
       move.document, move.figures AS move_figures, message.figures, message.user_id AS contact_id,
       link.text AS link_text, link.hash AS link_hash
FROM claim
JOIN fund ON fund.partner_id = claim.partner_id AND fund.period_id = claim.period_id
JOIN move ON move.claim_id = claim.id AND move.number = claim.moves
JOIN link ON link.chain = claim.id AND link.position = claim.moves
JOIN message ON message.claim_id = claim.id AND message.kind = 'decision'
WHERE claim.id = :claim AND message.user_id <> claim.author_id
"""
"""The values of an approval that the product made, named as the statements name them."""
