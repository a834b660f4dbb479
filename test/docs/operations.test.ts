// docs/operations.md, held to the code.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import { ALARMS } from '../../features/alarms.ts'
import { sign } from '../../functions/scheduled/sign.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

describe('docs/operations.md', () => {
  it('says what each alarm means and what to do', () => {
    for (const kind of Object.keys(ALARMS)) expect(page).toContain(`\n| \`${kind}\` `)
  })

  it('verifies by its example what the service signs, and nothing else', async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    expect(
      code
        .trim()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(10)
    const source = Buffer.from(stripTypeScriptTypes(code)).toString('base64')
    const { isFromPresage } = (await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`)) as {
      isFromPresage: (headers: Headers, text: string, secret: string, nowMs: number) => boolean
    }
    const nowMs = Date.UTC(2026, 5, 1)
    const text = '{"alarm":"drift","detail":"größer"}'
    const timestamp = String(nowMs / 1_000)
    const signature = await sign(text, { timestamp, secret: 's' })
    const headers = new Headers({ 'presage-timestamp': timestamp, 'presage-signature': signature })
    expect(isFromPresage(headers, text, 's', nowMs)).toBe(true)
    expect(isFromPresage(headers, text, 's', nowMs + 301_000)).toBe(false)
    expect(isFromPresage(headers, `${text} `, 's', nowMs)).toBe(false)
    expect(isFromPresage(headers, text, 't', nowMs)).toBe(false)
    expect(isFromPresage(new Headers(), text, 's', nowMs)).toBe(false)
  })
})
