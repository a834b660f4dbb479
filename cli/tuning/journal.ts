// What a search has found so far, a line a trial, so that it goes on after any interruption: a line is written
// whole and kept before anything goes on from it; one that was cut short is dropped.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { TrialRecord } from '../../training/tune/tune.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { makeFolder } from '../../training/make-folder.ts'

/** What a search was made from, by what it is called in a message; all of it decides what trials come to. */
export type Origin = Readonly<Record<string, string>>

export interface JournalLine extends TrialRecord {
  /** Of the search, when the trial ended. */
  readonly searchedSeconds: number
}

export interface Journal {
  readonly known: readonly JournalLine[]
  /** What differs from what was found there; empty where there was nothing, or all is alike. */
  readonly differing: readonly string[]
  append(line: JournalLine): void
  close(): void
}

/** Opens the journal of a search; one of another origin is begun anew. */
export function openJournal(
  folder: string,
  { name, origin }: { readonly name: string; readonly origin: Origin },
): Journal {
  makeFolder(folder)
  const path = join(folder, `${name}.ndjson`)
  const found = existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined
  const differing =
    found === undefined ? [] : Object.keys(origin).filter((part) => found.origin[part] !== origin[part])
  const known = differing.length > 0 ? [] : (found?.lines ?? [])
  // Also takes away a line that was cut short.
  writeWhole(path, [{ origin }, ...known].map((line) => `${JSON.stringify(line)}\n`).join(''))
  const file = openSync(path, 'a')
  return {
    known,
    differing,
    append(line) {
      writeSync(file, `${JSON.stringify(line)}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** The whole lines; undefined where the first is none of a journal. */
function parse(text: string): { readonly origin: Origin; readonly lines: JournalLine[] } | undefined {
  const [head, ...lines] = text.split('\n').slice(0, -1)
  try {
    const { origin } = JSON.parse(head ?? '') as { readonly origin: Origin }
    return { origin, lines: lines.map((line) => JSON.parse(line) as JournalLine) }
  } catch {
    return undefined
  }
}
