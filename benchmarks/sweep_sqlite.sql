-- Expires every claim whose certification lapsed, with all that an expiry writes. SQLite writes one table in a
-- statement, so there is one statement for each table, after one that finds the claims.
CREATE TEMPORARY TABLE due AS
WITH certified AS (
    SELECT partner_id, valid_from, valid_until, revoked_on, id,
           min(valid_until, coalesce(date(revoked_on, '-1 day'), valid_until)) AS last
    FROM certificate
    WHERE NOT EXISTS (SELECT 1 FROM certificate AS newer WHERE newer.replaces_id = certificate.id)
      AND (revoked_on IS NULL OR revoked_on > valid_from)
),
span AS (
    SELECT DISTINCT partner_id, submitted_on FROM claim WHERE state IN ('submitted', 'approved', 'executed')
),
candidate AS (
    SELECT partner_id, submitted_on, submitted_on AS day FROM span
    UNION ALL
    SELECT span.partner_id, submitted_on, date(last, '+1 day')
    FROM span JOIN certified ON certified.partner_id = span.partner_id
    WHERE date(last, '+1 day') BETWEEN submitted_on AND :today
),
gap AS (
    SELECT partner_id, submitted_on, min(day) AS missing
    FROM candidate
    WHERE NOT EXISTS (
        SELECT 1 FROM certified
        WHERE certified.partner_id = candidate.partner_id AND candidate.day BETWEEN valid_from AND last
    )
    GROUP BY partner_id, submitted_on
),
document AS (
    SELECT partner_id, group_concat(
        '{"revoked_on":' || coalesce('"' || revoked_on || '"', 'null') || ',"valid_from":"' || valid_from
        || '","valid_until":"' || valid_until || '"}', ','
    ) AS certificates
    FROM (SELECT * FROM certified ORDER BY valid_from, id)
    GROUP BY partner_id
)
SELECT claim.id, claim.number, claim.version, claim.moves, claim.state, claim.partner_id, claim.author_id,
       claim.period_id, claim.policy_version_id, claim.title, claim.starts_on, claim.ends_on, claim.submitted_on,
       claim.requested, claim.approved, claim.reimbursable, claim.reserved, claim.paid,
       partner.name AS partner_name, coalesce(document.certificates, '') AS certificates, gap.missing
FROM claim
JOIN gap ON gap.partner_id = claim.partner_id AND gap.submitted_on = claim.submitted_on
JOIN partner ON partner.id = claim.partner_id
LEFT JOIN document ON document.partner_id = claim.partner_id
WHERE claim.state IN ('submitted', 'approved', 'executed');

UPDATE claim
SET state = 'expired', state_since = :now, expired_from = due.state, reserved = 0, paid = claim.paid,
    version = due.version + 1, moves = due.moves + 1
FROM due
WHERE claim.id = due.id AND claim.version = due.version AND claim.state = due.state;

UPDATE fund
SET available = available + released.amount, reserved = reserved - released.amount
FROM (SELECT partner_id, period_id, sum(reserved) AS amount FROM due GROUP BY partner_id, period_id) AS released
WHERE fund.partner_id = released.partner_id AND fund.period_id = released.period_id;

CREATE TEMPORARY TABLE written AS
SELECT due.*, link.hash AS head, fund.id AS fund_id,
       '{"claim":{"ends_on":"' || ends_on || '","number":"' || number || '","starts_on":"' || starts_on
       || '","submitted_on":"' || submitted_on || '"},"partner":{"certificates":[' || certificates
       || '],"id":' || due.partner_id || '},"today":"' || :today || '"}' AS judged_on,
       '{"expired_by":"certification","missing_from":"' || missing || '"}' AS told
FROM due
JOIN fund ON fund.partner_id = due.partner_id AND fund.period_id = due.period_id
JOIN link ON link.chain = due.id AND link.position = due.moves;

INSERT INTO link (chain, position, subject, text, hash)
SELECT id, position, NULL, text, sha256(id || ' ' || position || ' ' || head || ' ' || text)
FROM (
    SELECT id, moves + 1 AS position, head,
           '{' || coalesce('"approved":' || approved || ',', '') || '"at":"' || :moment || '","claim_id":' || id
           || ',"day":"' || :today || '","document":' || judged_on || ',"figures":' || told
           || ',"key":"expire:' || id || ':' || version || '"'
           || iif(reserved > 0,
                ',"ledger_entry":{"amount":' || reserved || ',"at":"' || :moment || '","fund_id":' || fund_id
                || ',"kind":"release","source":"reserved","target":"available"}', '')
           || ',"number":' || (moves + 1) || ',"paid":' || paid || ',"partner_id":' || partner_id
           || ',"policy_version_id":' || policy_version_id
           || coalesce(',"reimbursable":' || reimbursable, '') || coalesce(',"requested":' || requested, '')
           || ',"reserved":0,"role":"scheduler","source":"' || state
           || '","table":"move","target":"expired","trigger":"expire","verdicts":[]}' AS text
    FROM written
);

INSERT INTO move (claim_id, number, partner_id, "trigger", source, target, actor_id, role, at, day,
                  policy_version_id, requested, approved, reimbursable, reserved, paid, verdicts, document,
                  figures, reason_hash, "key")
SELECT id, moves + 1, partner_id, 'expire', state, 'expired', NULL, 'scheduler', :now, :today,
       policy_version_id, requested, approved, reimbursable, 0, paid, '[]',
       judged_on, told,
       NULL, 'expire:' || id || ':' || version
FROM written;

INSERT INTO ledger_entry (fund_id, kind, source, target, amount, claim_id, move_number, at)
SELECT fund.id, 'release', 'reserved', 'available', due.reserved, due.id, due.moves + 1, :now
FROM due
JOIN fund ON fund.partner_id = due.partner_id AND fund.period_id = due.period_id
WHERE due.reserved > 0;

UPDATE task SET closed_at = :now FROM due WHERE task.claim_id = due.id AND task.closed_at IS NULL;

INSERT INTO message ("key", user_id, kind, claim_id, figures, created_at, delivery, due_at, attempts)
SELECT 'move:' || due.id || ':' || (due.moves + 1) || ':' || told.id, told.id, 'decision', due.id,
       '{"amount":null,"approved":' || iif(approved IS NULL, 'null', printf('"%.2f"', approved / 100.0))
       || ',"expired_by":"certification","number":' || json_quote(number) || ',"paid_in":null,"paid_on":null,"partner":'
       || json_quote(partner_name) || ',"payment_reference":null,"reason_hash":null,"reimbursable":'
       || iif(reimbursable IS NULL, 'null', printf('"%.2f"', reimbursable / 100.0)) || ',"report_by":null,"requested":'
       || iif(requested IS NULL, 'null', printf('"%.2f"', requested / 100.0)) || ',"resubmit_by":null,"source":"' || due.state
       || '","taken_in":null,"target":"expired","title":' || json_quote(title) || ',"trigger":"expire"}',
       :now, 'waiting', :now, 0
FROM due
JOIN "user" AS told ON (told.id = due.author_id OR told.partner_id = due.partner_id AND told.is_contact)
                   AND told.deactivated_at IS NULL;

DROP TABLE written;

DROP TABLE due;
