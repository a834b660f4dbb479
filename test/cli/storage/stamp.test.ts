import { appendFileSync, cpSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { rootFolder } from '../../../cli/storage/paths.ts'
import { fingerprintOf } from '../../../cli/storage/stamp.ts'
import type { StartInputs } from '../../../cli/storage/stamp.ts'
import { defineProject, occurs } from '../../../features/project.ts'
import { shop } from '../../../projects/shop.ts'

let root: string
let inputs: StartInputs
let before: string

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const name of ['features', 'training', 'migrations', 'package.json']) {
    cpSync(join(rootFolder, name), join(root, name), { recursive: true })
  }
  const path = join(root, 'events.ndjson')
  writeFileSync(path, '{}')
  inputs = { project: shop, path, family: 'pooled', seed: 1, skipBadRows: false, root }
  before = await fingerprintOf(inputs)
})

describe('fingerprintOf', () => {
  it.each([
    'training/models/pooled.ts',
    'training/fit.ts',
    'features/encode.ts',
    'package.json',
    'events.ndjson',
  ])('changes with %s', async (file) => {
    appendFileSync(join(root, file), '\n')
    expect(await fingerprintOf(inputs)).not.toBe(before)
  })

  it('changes with a new file of code', async () => {
    writeFileSync(join(root, 'training/models/new.ts'), '')
    expect(await fingerprintOf(inputs)).not.toBe(before)
  })

  it('changes with what the project declares', async () => {
    const tasks = { buys: occurs('purchase', { withinDays: 3 }) }
    const project = defineProject({ name: 'shop', events: { purchase: {} }, tasks })
    expect(await fingerprintOf({ ...inputs, project })).not.toBe(before)
  })

  it.each([{ family: 'softmax' }, { seed: 2 }, { skipBadRows: true }])('changes with %o', async (setting) => {
    expect(await fingerprintOf({ ...inputs, ...setting })).not.toBe(before)
  })

  it('stays with the same contents, whatever their times and what an editor leaves beside them', async () => {
    utimesSync(join(root, 'features/encode.ts'), 1, 1)
    writeFileSync(join(root, 'features/.encode.ts.swp'), 'x')
    writeFileSync(join(root, 'features/encode.ts~'), 'x')
    expect(await fingerprintOf(inputs)).toBe(before)
  })
})
