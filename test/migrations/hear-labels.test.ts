// What was stored before rows said when is carried over, as known to everybody ever since.
import { describe, expect, it } from 'vitest'
import { migrated, rows } from './migrated.ts'

/** A database with rows of the time when facts had times, but rows none of their own. */
function carriedOver() {
  return migrated({
    before: 'hear_labels',
    statements: `
    insert into events values ('u-1', 1, 'e-1', 'view', 'i-1', 2.5, '{"device":"phone"}', 2, 3);
    insert into events values ('u-2', 5, 'e-2', 'search', null, null, null, 5, 0);
    insert into users values ('u-1', 0, '{"plan":"free"}'), ('u-1', 9, '{"plan":"pro"}');
    insert into items values ('i-1', 4, '{"price":3}');
  `,
  })
}

describe('the migration to rows that say when they were stored', () => {
  it('keeps every event and version', () => {
    const database = carriedOver()
    expect(rows(database, 'select id, place, properties, stored_at from events order by id')).toEqual([
      { id: 'e-1', place: 3, properties: '{"device":"phone"}', stored_at: 0 },
      { id: 'e-2', place: 0, properties: null, stored_at: 0 },
    ])
    expect(rows(database, 'select * from users order by known_at')).toEqual([
      { id: 'u-1', known_at: 0, attributes: '{"plan":"free"}', stored_at: 0 },
      { id: 'u-1', known_at: 9, attributes: '{"plan":"pro"}', stored_at: 0 },
    ])
    expect(rows(database, 'select * from items')).toEqual([
      { id: 'i-1', known_at: 4, attributes: '{"price":3}', stored_at: 0 },
    ])
  })

  it('counts the events that were heard before', () => {
    expect(rows(carriedOver(), 'select * from heard')).toEqual([{ kind: 'events', count: 2 }])
  })

  it('takes a correction beside what it corrects', () => {
    const database = carriedOver()
    database.exec(`insert into users values ('u-1', 9, '{"plan":"basic"}', 20)`)
    const versions = "select attributes ->> 'plan' as plan from users where known_at = 9 order by stored_at"
    expect(rows(database, versions)).toEqual([{ plan: 'pro' }, { plan: 'basic' }])
  })
})
