import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createAsk } from '../../../cli/projects/ask.ts'
import type { Ask } from '../../../cli/projects/ask.ts'

const question = { text: 'Which?', options: ['one', 'two'], flag: 'label' }

/** Somebody who types these lines, and what was shown to them. */
function person(lines: readonly string[]): { readonly ask: Ask; readonly shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  input.end(lines.map((line) => `${line}\n`).join(''))
  return {
    ask: createAsk({ guesses: false, terminal: { input, output } }),
    shown: () => String(output.read() ?? ''),
  }
}

describe('createAsk', () => {
  it('shows what there is and gives the answer, or the guess where it is empty', async () => {
    const { ask, shown } = person([' two '])
    expect(await ask.question(question)).toBe('two')
    expect(shown()).toBe('Which? (one, two) [one] ')
    expect(await person(['']).ask.question(question)).toBe('one')
  })

  it('names the option where nobody is there', async () => {
    const input = new PassThrough()
    const ask = createAsk({ guesses: false, terminal: { input, output: new PassThrough() } })
    expect(ask.isPossible).toBe(false)
    await expect(ask.question(question)).rejects.toThrow(
      'Which? It may be one, two: name it with --label, or --yes takes one',
    )
  })
})
