// When an event that comes under a known id is the same again, and when another: for whoever writes events
// into D1, which are the service and the import. SQL over `known`, a row of the table of events, and `sent`, a
// row of json_each over a list of events, each a list in the order of EVENT_COLUMNS.

/** The columns of the table of events, in order. */
export const EVENT_COLUMNS = [
  'user_id',
  'occurred_at',
  'id',
  'type',
  'item_id',
  'value',
  'properties',
  'received_at',
  'place',
] as const

const sent = (column: (typeof EVENT_COLUMNS)[number]): string =>
  `(sent.value ->> ${EVENT_COLUMNS.indexOf(column)})`

/**
 * Whether it is the same event: so in every column, and with no property that the known one has not, so that
 * nothing is lost where it is not stored. When it was received tells nothing.
 * @param clockToleranceMs how far ahead the sender's clock may be: an event from a clock ahead counted as of its
 *   receipt when it first came, and is later when it comes again
 */
export function sameEventSql(clockToleranceMs = 0): string {
  const countedAsReceived = `known.occurred_at = known.received_at and
    ${sent('occurred_at')} between known.received_at and known.received_at + ${clockToleranceMs}`
  return `(known.user_id = ${sent('user_id')}
    and (known.occurred_at = ${sent('occurred_at')} or ${countedAsReceived})
    and known.type = ${sent('type')}
    and known.item_id is ${sent('item_id')}
    and known.value is ${sent('value')}
    and not exists (
      select 1 from json_each(${sent('properties')}) as told where told.value is not null and told.value is not (
        select value from json_each(known.properties) where key = told.key)))`
}

/** How much of the text of a refused event is kept. */
const TEXT_LENGTH_MAX = 2_000

/** The event `sent` as JSON, to be kept where it is refused. */
export const SENT_EVENT_SQL = `substr(json_object('id', ${sent('id')}, 'userId', ${sent('user_id')},
  'type', ${sent('type')}, 'itemId', ${sent('item_id')}, 'value', ${sent('value')},
  'occurredAt', ${sent('occurred_at')}, 'properties', json(${sent('properties')})), 1, ${TEXT_LENGTH_MAX})`
