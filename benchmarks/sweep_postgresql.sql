-- Expires every claim whose certification lapsed, with all that an expiry writes, in one statement.
WITH certified AS (
    SELECT partner_id,
           range_agg(daterange(valid_from, least(valid_until, revoked_on - 1), '[]')) AS days,
           string_agg(
               '{"revoked_on":' || coalesce('"' || revoked_on || '"', 'null') || ',"valid_from":"' || valid_from
               || '","valid_until":"' || valid_until || '"}', ',' ORDER BY valid_from, id
           ) AS document
    FROM certificate
    WHERE NOT EXISTS (SELECT FROM certificate AS newer WHERE newer.replaces_id = certificate.id)
      AND (revoked_on IS NULL OR revoked_on > valid_from)
    GROUP BY partner_id
),
due AS MATERIALIZED (
    SELECT claim.id, claim.number, claim.version, claim.moves, claim.state, claim.partner_id, claim.author_id,
           claim.period_id, claim.policy_version_id, claim.title, claim.starts_on, claim.ends_on,
           claim.submitted_on, claim.requested, claim.approved, claim.reimbursable, claim.reserved, claim.paid,
           partner.name AS partner_name, certified.document,
           lower(datemultirange(daterange(claim.submitted_on, %(today)s, '[]'))
                 - coalesce(certified.days, datemultirange())) AS missing
    FROM claim
    JOIN partner ON partner.id = claim.partner_id
    LEFT JOIN certified ON certified.partner_id = claim.partner_id
    WHERE claim.state IN ('submitted', 'approved', 'executed')
      AND NOT coalesce(certified.days, datemultirange()) @> daterange(claim.submitted_on, %(today)s, '[]')
    FOR UPDATE OF claim
),
moved AS (
    UPDATE claim
    SET state = 'expired', state_since = %(now)s, expired_from = due.state, reserved = 0, paid = claim.paid,
        version = due.version + 1, moves = due.moves + 1
    FROM due
    WHERE claim.id = due.id AND claim.version = due.version AND claim.state = due.state
),
funded AS (
    UPDATE fund
    SET available = available + released.amount, reserved = reserved - released.amount
    FROM (SELECT partner_id, period_id, sum(reserved) AS amount FROM due GROUP BY partner_id, period_id) AS released
    WHERE fund.partner_id = released.partner_id AND fund.period_id = released.period_id
),
written AS MATERIALIZED (
    SELECT due.*, link.hash AS head, fund.id AS fund_id,
           '{"claim":{"ends_on":"' || ends_on || '","number":"' || number || '","starts_on":"' || starts_on
           || '","submitted_on":"' || submitted_on || '"},"partner":{"certificates":[' || coalesce(document, '')
           || '],"id":' || due.partner_id || '},"today":"' || %(today)s || '"}' AS judged_on,
           '{"expired_by":"certification","missing_from":"' || missing || '"}' AS told
    FROM due
    JOIN fund ON fund.partner_id = due.partner_id AND fund.period_id = due.period_id
    JOIN link ON link.chain = due.id AND link.position = due.moves
),
texts AS MATERIALIZED (
    SELECT id, moves + 1 AS position, head,
           '{' || coalesce('"approved":' || approved || ',', '') || '"at":"' || %(moment)s || '","claim_id":' || id
           || ',"day":"' || %(today)s || '","document":' || judged_on || ',"figures":' || told
           || ',"key":"expire:' || id || ':' || version || '"'
           || CASE WHEN reserved > 0 THEN
                ',"ledger_entry":{"amount":' || reserved || ',"at":"' || %(moment)s || '","fund_id":' || fund_id
                || ',"kind":"release","source":"reserved","target":"available"}'
              ELSE '' END
           || ',"number":' || moves + 1 || ',"paid":' || paid || ',"partner_id":' || partner_id
           || ',"policy_version_id":' || policy_version_id
           || coalesce(',"reimbursable":' || reimbursable, '') || coalesce(',"requested":' || requested, '')
           || ',"reserved":0,"role":"scheduler","source":"' || state
           || '","table":"move","target":"expired","trigger":"expire","verdicts":[]}' AS text
    FROM written
),
linked AS (
    INSERT INTO link (chain, position, subject, text, hash)
    SELECT id, position, NULL, text,
           encode(sha256(convert_to(id || ' ' || position || ' ' || head || ' ' || text, 'UTF8')), 'hex')
    FROM texts
),
history AS (
    INSERT INTO move (claim_id, number, partner_id, trigger, source, target, actor_id, role, at, day,
                      policy_version_id, requested, approved, reimbursable, reserved, paid, verdicts, document,
                      figures, reason_hash, key)
    SELECT id, moves + 1, partner_id, 'expire', state, 'expired', NULL, 'scheduler', %(now)s, %(today)s,
           policy_version_id, requested, approved, reimbursable, 0, paid, '[]',
           judged_on, told,
           NULL, 'expire:' || id || ':' || version
    FROM written
),
booked AS (
    INSERT INTO ledger_entry (fund_id, kind, source, target, amount, claim_id, move_number, at)
    SELECT fund.id, 'release', 'reserved', 'available', due.reserved, due.id, due.moves + 1, %(now)s
    FROM due
    JOIN fund ON fund.partner_id = due.partner_id AND fund.period_id = due.period_id
    WHERE due.reserved > 0
),
closed AS (
    UPDATE task SET closed_at = %(now)s FROM due WHERE task.claim_id = due.id AND task.closed_at IS NULL
)
INSERT INTO message (key, user_id, kind, claim_id, figures, created_at, delivery, due_at, attempts)
SELECT 'move:' || due.id || ':' || due.moves + 1 || ':' || told.id, told.id, 'decision', due.id,
       '{"amount":null,"approved":' || coalesce('"' || to_char(approved / 100.0, 'FM999999999990.00') || '"', 'null')
       || ',"expired_by":"certification","number":' || to_json(number) || ',"paid_in":null,"paid_on":null,"partner":'
       || to_json(partner_name) || ',"payment_reference":null,"reason_hash":null,"reimbursable":'
       || coalesce('"' || to_char(reimbursable / 100.0, 'FM999999999990.00') || '"', 'null') || ',"report_by":null,"requested":'
       || coalesce('"' || to_char(requested / 100.0, 'FM999999999990.00') || '"', 'null') || ',"resubmit_by":null,"source":"'
       || due.state || '","taken_in":null,"target":"expired","title":' || to_json(title) || ',"trigger":"expire"}',
       %(now)s, 'waiting', %(now)s, 0
FROM due
JOIN "user" AS told ON (told.id = due.author_id OR told.partner_id = due.partner_id AND told.is_contact)
                   AND told.deactivated_at IS NULL
