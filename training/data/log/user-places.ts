// In which order users come: as the files first name them, those of the log first. How ids are spelt moves
// nothing, neither which moments are drawn of whom nor the order of the examples.
import type { Database } from '../database.ts'

/** The tables of a log, with the cells by which the rows of one user are ordered. */
const TABLES = [
  { table: 'events', user: 'user_id', order: 'occurred_at, received_at, place, id' },
  { table: 'users', user: 'id', order: 'known_at, place' },
  { table: 'questions', user: 'user_id', order: 'place' },
] as const

/** Brings the tables of a log into the order of users, each with a column `user_place`. */
export async function orderByUser(database: Database): Promise<void> {
  const named = TABLES.map(
    ({ table, user }, rank) => `select ${user} as who, ${rank} as rank, place::double as place from ${table}`,
  )
  await database.run(`create table user_places as
    select who, row_number() over (order by first) - 1 as user_place from (
      select who, min((rank, place)) as first from (${named.join(' union all ')}) group by who)`)
  for (const { table, user, order } of TABLES) {
    await database.run(`create table ordered as select user_place, ${table}.* from ${table}
      join user_places on who = ${user} order by user_place, ${order}`)
    await database.run(`drop table ${table}`)
    await database.run(`alter table ordered rename to ${table}`)
  }
  await database.run('drop table user_places')
}
