// Databases with rows of the time before a migration, carried over to now: the migrations as SQLite runs them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const folder = join(import.meta.dirname, '../../migrations')
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .toSorted()

/** @param before the migration, by its name without the number, that comes right after the rows went in */
export function migrated({
  before,
  statements,
}: {
  readonly before: string
  readonly statements: string
}): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  const run = (name: string): void => database.exec(readFileSync(join(folder, name), 'utf8'))
  const first = names.findIndex((name) => name.includes(before))
  if (first < 0) throw new Error(`There is no migration ${before}`)
  names.slice(0, first).forEach(run)
  database.exec(statements)
  names.slice(first).forEach(run)
  return database
}

export function rows(database: DatabaseSync, sql: string): unknown[] {
  return database
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }))
}
