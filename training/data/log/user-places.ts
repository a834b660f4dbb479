// In which order users come: as the files first name them, those of the log first. How ids are spelt moves
// nothing, neither which moments are drawn of whom nor the order of the examples.
import type { Database } from '../database.ts'

/**
 * Makes the table `user_places` of the users of a log.
 * @param named SQL that selects user_id and place, a row an event; ids that are null get no place
 */
export async function placeUsers(database: Database, named: string): Promise<void> {
  await database.run(`create table user_places as
    select user_id, min(place) as user_place from (${named}) where user_id is not null group by user_id`)
}

/**
 * Gives a place to users whom `users` or `questions` alone name, and brings both tables into the order of
 * users, as `events` is already.
 */
export async function orderByUser(database: Database): Promise<void> {
  await placeRest(database, 'select id as user_id, place from users')
  await placeRest(database, 'select user_id, place from questions')
  await database.run(`create table ordered as select user_place, users.* from users
    join user_places on user_id = id order by user_place, known_at, place`)
  await replace(database, 'users')
  await database.run(`create table ordered as select user_place, questions.* from questions
    join user_places using (user_id) order by user_place, place`)
  await replace(database, 'questions')
}

/** After all who have a place, in the order of their first row. */
async function placeRest(database: Database, named: string): Promise<void> {
  await database.run(`insert into user_places
    select user_id, (select coalesce(max(user_place), -1) from user_places) + row_number() over (order by min(place))
    from (${named}) as named where user_id not in (select user_id from user_places) group by user_id`)
}

async function replace(database: Database, table: string): Promise<void> {
  await database.run(`drop table ${table}`)
  await database.run(`alter table ordered rename to ${table}`)
}
