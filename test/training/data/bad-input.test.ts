// Files as they should not be: handled, or refused with the row or column and what to do.
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number, text } from '../../../features/project.ts'
import { describeReport } from '../../../training/data/report/report.ts'
import { describeSystemError } from '../../../training/data/files/system-error.ts'
import { train } from '../../../training/train.ts'
import { describeTrainFault } from '../../../training/train-fault.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())
const bundlesFolder = mkdtempSync(join(tmpdir(), 'bad-input-'))
afterAll(() => rmSync(bundlesFolder, { recursive: true }))

const project = defineProject({
  name: 'people',
  user: { age: number(), plan: category(), note: text() },
  tasks: { churned: label(['yes', 'no']) },
})
const HEADER = 'age,plan,note,churned'

function faultOf(name: string, content: string | Uint8Array): Promise<string> {
  return folder.faultOf(folder.write(name, content), { project })
}

/** What training says of a file that can be read. */
async function trainFaultOf(name: string, rows: readonly string[]): Promise<string> {
  const opened = await folder.open(folder.write(name, `${[HEADER, ...rows].join('\n')}\n`), { project })
  if (!opened.ok) throw new Error(JSON.stringify(opened.reason))
  const trained = await train({ project, data: opened.value, family: 'prior', seed: 1, bundlesFolder })
  opened.value.close()
  return trained.ok ? 'no fault' : describeTrainFault(trained.reason)
}

describe('labels', () => {
  it('that miss in some rows leave those rows to be served', async () => {
    const path = folder.write('some.csv', `${HEADER}\n1,a,x,yes\n2,b,y,\n3,c,z,no\n`)
    const data = await folder.read(path, { project })
    expect([data.userCount, data.questionCount]).toEqual([3, 2])
    expect(describeReport(data.report)[0]).toBe('some.csv: 3 rows, 2 labelled rows, 1 unlabelled')
  })

  it('that miss everywhere are told as the want of labelled rows', async () => {
    expect(await trainFaultOf('none.csv', ['1,a,x,', '2,b,y,'])).toContain(
      "'churned' is a label, but the data holds no labelled rows",
    )
  })

  it('of one class are told as such', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `${row},a,x,yes`)
    expect(await trainFaultOf('one-class.csv', rows)).toMatch(
      /No task can be learned.*'no' came true in 0 of/,
    )
  })

  it('of three rows are told as too few', async () => {
    const said = await trainFaultOf('few.csv', ['1,a,x,yes', '2,b,y,no', '3,c,z,no'])
    expect(said).toMatch(/at least \d+ are needed|too small to split/)
  })
})

describe('a large table', () => {
  it('of 100,000 categories says how many of them a model will not know', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, row) => `${row % 90},c${row},x,${row % 3 === 0 ? 'yes' : 'no'}`,
    )
    const data = await folder.read(folder.write('categories.csv', `${[HEADER, ...rows].join('\n')}\n`), {
      project,
    })
    expect(data.report.attributes.find(({ name }) => name === 'user.plan')).toMatchObject({
      distinct: 100_000,
      unknown: { rows: 100_000, rareValues: 100_000 },
    })
    expect(data.report.warnings.map((warning) => warning.text).join('\n')).toContain(
      'user.plan: 100.0 % of its values read as unknown',
    )
  })

  it('of 1,000 columns is read whole', async () => {
    const names = Array.from({ length: 1_000 }, (_, column) => `c${column}`)
    const wide = defineProject({
      name: 'wide',
      user: Object.fromEntries(names.map((name) => [name, number()])),
      tasks: { churned: label(['yes', 'no']) },
    })
    const rows = Array.from({ length: 20 }, (_, row) =>
      [...names.keys().map((column) => row * column), 'yes'].join(','),
    )
    const path = folder.write('wide.csv', `${[[...names, 'churned'].join(','), ...rows].join('\n')}\n`)
    const { users } = await folder.read(path, { project: wide })
    expect(users[3]?.versions[0]?.attributes).toMatchObject({ c0: 0, c1: 3, c999: 2997 })
  })

  it('with a cell of a megabyte names its line and what a text may have', async () => {
    const cell = 'x'.repeat(900_000)
    expect(await faultOf('large-cell.csv', `${HEADER}\n1,a,b,yes\n2,a,${cell},no\n`)).toMatch(
      /1 bad row .*\n {2}line 3: note: expected .* characters/,
    )
    const line = 'x'.repeat(3_000_000)
    expect(await faultOf('large-line.csv', `${HEADER}\n1,a,b,yes\n2,a,${line},no\n3,a,b,no\n`)).toMatch(
      /line 3: line: expected at most 1000000 bytes/,
    )
    expect(await faultOf('large-line.ndjson', `{"id":"1"}\n{"id":"2","note":"${line}"}\n`)).toContain(
      'line 2: expected at most 1000000 bytes',
    )
  })
})

describe('a text file', () => {
  it.each([
    ['that is empty', '', 'there are no rows in this file'],
    ['of a header alone', `${HEADER}\n`, 'there are no rows in this file'],
    ['of blank lines', '\n\n', 'there are no rows in this file'],
    ['with mixed line ends', `${HEADER}\r\n1,a,b,yes\n2,a,b,no\r\n`, 'its lines end in several ways'],
    [
      'in UTF-16 without a mark',
      Buffer.from(`${HEADER}\n1,a,b,yes\n`, 'utf16le').swap16(),
      'there are NUL characters in it, as in UTF-16 without its mark',
    ],
  ])('%s is refused in words', async (name, content, said) => {
    expect(await faultOf(`${name.replaceAll(' ', '-')}.csv`, content)).toContain(said)
  })

  it('in UTF-16 is read whichever byte comes first, if a mark says it', async () => {
    const content = Buffer.from(`\uFEFF${HEADER}\n1,café,b,yes\n`, 'utf16le')
    for (const bytes of [content, Buffer.from(content).swap16()]) {
      const { users } = await folder.read(folder.write('utf16.csv', bytes), { project })
      expect(users[0]?.versions[0]?.attributes).toEqual({ age: 1, plan: 'café', note: 'b' })
    }
  })

  it.skipIf(!existsSync('/dev/zero'))('that is a pipe or a device is refused, not waited for', async () => {
    const path = join(folder.path, 'endless.csv')
    symlinkSync('/dev/zero', path)
    const pipe = join(folder.path, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    for (const each of [path, pipe])
      expect(await folder.faultOf(each)).toBe(
        `${each}: cannot be read: it is a pipe or a device; write what it gives to a file, and name that`,
      )
  })

  it('that grows while it is read is refused', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `${row},a,b,yes`)
    const path = folder.write('growing.csv', `${[HEADER, ...rows].join('\n')}\n`)
    const growing = setInterval(() => appendFileSync(path, '1,a,b,no\n'), 1)
    const said = await folder.faultOf(path, { project })
    clearInterval(growing)
    expect(said).toBe(
      `${path}: cannot be read: it changed while it was read; copy it first, and read the copy`,
    )
  })

  // Nothing is forbidden to root.
  it.skipIf(getuid?.() === 0)('or folder without rights is refused with what to do', async () => {
    const path = folder.write('locked/rows.csv', `${HEADER}\n1,a,b,yes\n`)
    chmodSync(path, 0)
    expect(await folder.faultOf(path, { project })).toContain(`there is no right to read ${path}`)
    chmodSync(path, 0o600)
    chmodSync(join(folder.path, 'locked'), 0o300)
    expect(await folder.faultOf(join(folder.path, 'locked'), { project })).toContain(
      'there is no right to read',
    )
    chmodSync(join(folder.path, 'locked'), 0o700)
  })
})

describe('what the system says', () => {
  it.each([
    'Out of Memory Error: failed to offload data block of size 256.0 KiB (17.8 MiB/18.0 MiB used).',
    'IO Error: Could not write file "/tmp/x": No space left on device',
    'ENOSPC: no space left on device, write',
    'database or disk is full: SQLITE_FULL',
  ])('of a full disk is told with what to do: %s', (message) => {
    expect(describeSystemError(new Error(message))).toMatch(
      /^the disk is full; make room .*PRESAGE_HOME.* run it again/,
    )
  })

  it('of a want of rights names what cannot be read', () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/a'"), {
      code: 'EACCES',
      path: '/a',
    })
    expect(describeSystemError(error)).toBe(
      'there is no right to read /a; its owner gives it with chmod u+r, of a folder u+rx',
    )
  })
})
