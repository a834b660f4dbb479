import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const MODULE = join(import.meta.dirname, '../../training/uninterrupted.ts')

/** Runs this body with `uninterrupted` in a process of its own. */
function run(body: string) {
  const script = `import { uninterrupted } from ${JSON.stringify(MODULE)}\n${body}`
  const { status, signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  return { status, signal, stdout: stdout.toString() }
}

describe('uninterrupted', () => {
  it.each(['SIGINT', 'SIGTERM'])('finishes what %s interrupts, and then ends by it', (signal) => {
    const work = `async () => {
      process.kill(process.pid, '${signal}')
      await undefined
      process.stdout.write('whole')
    }`
    const ended = run(`await uninterrupted(${work}); setTimeout(() => process.stdout.write('went on'), 2000)`)
    expect(ended).toEqual({ status: null, signal, stdout: 'whole' })
  })

  it('gives what the work gives, throws what it throws, and leaves signals as they were', () => {
    const ended = run(`
      const value = await uninterrupted(async () => 7)
      const error = await uninterrupted(async () => { throw new Error('no') }).catch(({ message }) => message)
      console.log(value, error, process.listenerCount('SIGINT'), process.listenerCount('SIGTERM'))`)
    expect(ended).toEqual({ status: 0, signal: null, stdout: '7 no 0 0\n' })
  })
})
