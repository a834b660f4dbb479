// The table of warnings in docs/your-data.md is that of the code.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { WARNINGS } from '../../training/data/report/data-warning.ts'

describe('docs/your-data.md', () => {
  it('lists every warning of reading with what it means', () => {
    const text = readFileSync(`${import.meta.dirname}/../../docs/your-data.md`, 'utf8')
    const [, section = ''] = text.split('## What reading warns of\n')
    const rows = section.split('\n## ')[0]?.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)
    const listed = Array.from(rows ?? [], ([, code, meaning]) => [code, meaning])
    expect(Object.fromEntries(listed)).toEqual(WARNINGS)
  })
})
