import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '../../../training/data')
/** Where the processes of these tests make their folders. */
let place: string
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'folder-test-'))
})
afterAll(() => rmSync(place, { recursive: true }))

/** Options of a process that runs this script with its folders in the place. */
function script(text: string): [string, string[], { env: NodeJS.ProcessEnv }] {
  const code = `import { openDatabase } from '${source}/database.ts'
    import { createTemporaryFolder } from '${source}/temporary-folder.ts'
    ${text}`
  const env = { ...process.env, TMPDIR: place }
  return [process.execPath, ['--input-type=module-typescript', '--eval', code], { env }]
}

/** Starts a process that holds two databases until it is ended. */
async function startHolder(more = '') {
  const text = `const database = await openDatabase('100MB')
    await openDatabase('100MB')
    await database.run('create table t as select * from range(1000)')
    ${more}
    process.stdout.write('open')
    setInterval(() => {}, 1000)`
  const child = spawn(...script(text))
  await once(child.stdout, 'data')
  return child
}

describe('the temporary folder of a database', () => {
  it('is for its owner alone, and goes when the database is closed, more than once', () => {
    const text = `import { readdirSync, statSync } from 'node:fs'
      const database = await openDatabase('100MB')
      const [name] = readdirSync(process.env.TMPDIR)
      process.stdout.write((statSync(process.env.TMPDIR + '/' + name).mode & 0o777).toString(8))
      database.close()
      database.close()`
    expect(spawnSync(...script(text)).stdout.toString()).toBe('700')
    expect(readdirSync(place)).toEqual([])
  })

  it('goes when the database cannot be opened, and when the process exits or fails', () => {
    const text = `import { readdirSync } from 'node:fs'
      await openDatabase('much').catch(() => process.stdout.write('refused'))
      process.stdout.write(', left ' + readdirSync(process.env.TMPDIR).length)`
    expect(spawnSync(...script(text)).stdout.toString()).toBe('refused, left 0')
    expect(spawnSync(...script("await openDatabase('100MB'); process.exit(3)")).status).toBe(3)
    expect(spawnSync(...script("await openDatabase('100MB'); throw new Error('x')")).status).toBe(1)
    expect(readdirSync(place)).toEqual([])
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('goes with the process on %s', async (signal) => {
    const child = await startHolder()
    expect(readdirSync(place)).toHaveLength(2)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([null, signal])
    expect(readdirSync(place)).toEqual([])
  })

  it('leaves the end to those who handle the signal, and sends them no other', async () => {
    const child = await startHolder(`let heard = 0
      process.on('SIGTERM', () => {
        heard += 1
        setTimeout(() => process.exit(10 + heard), 50)
      })`)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([11, null])
    expect(readdirSync(place)).toEqual([])
  })

  it('goes when the next is made, where its process was killed; those of running processes stay', async () => {
    const killed = await startHolder()
    const left = readdirSync(place)
    const running = await startHolder()
    const held = readdirSync(place).filter((name) => !left.includes(name))
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    expect(left.every((name) => statSync(join(place, name)).isDirectory())).toBe(true)
    spawnSync(...script('createTemporaryFolder()'))
    expect(left.some((name) => existsSync(join(place, name)))).toBe(false)
    expect(readdirSync(place)).toEqual(held)
    running.kill()
    await once(running, 'exit')
  })
})
