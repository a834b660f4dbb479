// What lay in the tables before facts had times is carried over: the migrations as SQLite runs them.
import { describe, expect, it } from 'vitest'
import { migrated, rows } from './migrated.ts'

/** A database with a row in every table, migrated from before to now. */
function carriedOver() {
  return migrated({
    before: 'date_facts',
    statements: `
    insert into bundles values ('b-1', 'shop', 'pooled', '{}', 5);
    insert into deployments values ('champion', 'b-1', 7);
    insert into events values ('u-1', 1, 'e-1', 'view', 'i-1', 2.5, '{"device":"phone"}', 2);
    insert into users values ('u-1', '{"plan":"pro"}', 9);
    insert into items values ('i-1', '{"price":3}', 9);
    insert into api_keys values ('k-1', 'hash', '["predict"]', 3, null);
    insert into quarantine values (1, 'r-1', 0, '{}', '[]', 4);
  `,
  })
}

describe('the migrations', () => {
  it('take what is known of users and items as known ever since', () => {
    const database = carriedOver()
    expect(rows(database, 'select * from users')).toEqual([
      { id: 'u-1', known_at: 0, attributes: '{"plan":"pro"}', stored_at: 0 },
    ])
    expect(rows(database, 'select * from items')).toEqual([
      { id: 'i-1', known_at: 0, attributes: '{"price":3}', stored_at: 0 },
    ])
  })

  it('leave the champion in its role, and events and keys as they were', () => {
    const database = carriedOver()
    expect(rows(database, 'select * from deployments')).toEqual([
      {
        id: 1,
        role: 'champion',
        bundle_id: 'b-1',
        share: 1,
        from_at: 7,
        until_at: null,
        by: '',
        note: '',
        restores: null,
        step_ms: null,
      },
    ])
    expect(rows(database, 'select id, received_at, place from events')).toEqual([
      { id: 'e-1', received_at: 2, place: 0 },
    ])
    expect(rows(database, 'select id, name, expires_at, revoked_at from api_keys')).toEqual([
      { id: 'k-1', name: '', expires_at: null, revoked_at: null },
    ])
    expect(rows(database, 'select count(*) as count from quarantine')).toEqual([{ count: 1 }])
  })

  it('keep the versions of one id in one place, and one a moment and a time of storing', () => {
    const database = carriedOver()
    const insert = database.prepare('insert into users (id, known_at, attributes) values (?, ?, ?)')
    insert.run('u-1', 5, '{}')
    expect(() => insert.run('u-1', 5, '{}')).toThrow('UNIQUE')
    const plan = rows(
      database,
      "explain query plan select * from users where id = 'u-1' order by known_at desc, stored_at desc",
    )
    expect(plan).toMatchObject([{ detail: 'SEARCH users USING PRIMARY KEY (id=?)' }])
  })
})
