// Which marks of what is missing hold over HTTP: those by which the files of the same role are read.
import { describe, expect, it } from 'vitest'
import { isMissing, marksOf, missingMarks } from '../../features/missing.ts'
import type { EventColumns, EventLogSource } from '../../features/source.ts'

const columns: EventColumns = { type: "'visit'", userId: 'user', occurredAt: 'time' }

function sourceOf(events: readonly (readonly string[] | undefined)[]): EventLogSource {
  return {
    kind: 'events',
    reading: { missing: ['all'] },
    events: events.map((missing) => ({ ...columns, ...(missing !== undefined && { reading: { missing } }) })),
    users: { id: 'id', reading: { missing: ['nobody'] } },
    items: { id: 'id' },
  }
}

describe('marksOf', () => {
  it('gives the usual ones where no source names others', () => {
    expect(marksOf(undefined, 'events')).toEqual(missingMarks(undefined))
    expect(isMissing(' n/A\t', marksOf(undefined, 'users').value)).toBe(true)
  })

  it('gives those of the role, else those of the source', () => {
    const source = sourceOf([['own']])
    expect(marksOf(source, 'events').value).toEqual(['', 'own'])
    expect(marksOf(source, 'users').value).toEqual(['', 'nobody'])
    expect(marksOf(source, 'items').value).toEqual(['', 'all'])
    expect(marksOf({ kind: 'table', labels: {}, reading: { missing: ['-9'] } }, 'users').text).toEqual([
      '',
      '-9',
    ])
  })

  it('gives those of several mappings where all name the same', () => {
    expect(marksOf(sourceOf([['own'], ['own']]), 'events').value).toEqual(['', 'own'])
    expect(marksOf(sourceOf([['own'], ['other']]), 'events').value).toEqual(['', 'all'])
    expect(marksOf(sourceOf([undefined, ['own']]), 'events').value).toEqual(['', 'all'])
  })
})
