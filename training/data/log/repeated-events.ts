// Events under ids that were read before: the same event again counts once, another one is a bad row. So it is
// over HTTP and on import too (features/same-event.ts).
import { memberOf } from '../cells/member.ts'
import type { Database } from '../database.ts'
import type { Check } from '../cells/row-checks.ts'

/** What is said of a row that is marked. */
export const CONFLICT: Check = {
  field: 'id',
  expected: 'an id of its own, or the same event again',
  bad: '',
  found: '',
}

/**
 * Marks events of the table `events` that are others under an id that an earlier row has, and removes those
 * that are the same again: so in every part, and with no property that the earlier has not.
 * @param names of the properties
 * @returns how many were removed
 */
export async function settleRepeated(
  database: Database,
  { names, conflictFault }: { readonly names: readonly string[]; readonly conflictFault: number },
): Promise<number> {
  // Where all hashes differ, so do the ids, of which none need be kept to know it.
  const [alike] = await database.all(
    'select count(*)::double - count(distinct hash(id))::double from events where fault is null',
  )
  if (Number(alike?.[0]) === 0) return 0
  await database.run(`create temp table repeated as
    select id, min(place) as first from events where fault is null group by id having count(*) > 1`)
  const [counted] = await database.all('select count(*)::double from repeated')
  if (Number(counted?.[0]) === 0) {
    await database.run('drop table repeated')
    return 0
  }
  const content = 'json_array(type, user_id, item_id, value, occurred_at)::varchar'
  await database.run(`create temp table firsts as
    select repeated.*, ${content} as content, properties as said
    from events join repeated on events.place = repeated.first`)
  const later = 'events.id = firsts.id and events.fault is null and events.place <> firsts.first'
  const adds = names.map((name) => {
    const told = memberOf('events.properties', name)
    return `(${told} is not null and ${told} is distinct from ${memberOf('firsts.said', name)})`
  })
  const differs = [`${content} is distinct from firsts.content`, ...adds].join(' or ')
  await database.run(`update events set fault = ${conflictFault}, found = left(events.id, 80)
    from firsts where ${later} and (${differs})`)
  const [before] = await database.all('select count(*)::double from events')
  await database.run(`delete from events using firsts where ${later}`)
  const [after] = await database.all('select count(*)::double from events')
  await database.run('drop table firsts')
  await database.run('drop table repeated')
  return Number(before?.[0]) - Number(after?.[0])
}
