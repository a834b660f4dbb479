import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadProject } from '../../../cli/projects/load-project.ts'
import { saveTraining } from '../../../cli/projects/save-training.ts'

const training = { family: 'trees', settings: { leavesMax: 7 } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  process.env['PRESAGE_HOME'] = join(folder, 'home')
})
afterEach(() => {
  delete process.env['PRESAGE_HOME']
  rmSync(folder, { recursive: true })
})

function text(declaration = "name: 'gym', tasks: { stays: label(['no', 'yes']) }"): string {
  const features = join(import.meta.dirname, '../../../features/project.ts')
  return `import { defineProject, label } from '${features}'\nexport const gym = defineProject({ ${declaration} })\n`
}

function write(content: string, name: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('saveTraining', () => {
  it('changes the file that a link leads to, keeps its mode, and leaves nothing beside', async () => {
    const target = write(text(), 'elsewhere.ts')
    chmodSync(target, 0o640)
    const file = join(folder, 'gym.project.ts')
    symlinkSync(target, file)
    const loaded = await loadProject(file)
    expect(await saveTraining(loaded, training)).toMatchObject({ ok: true })
    expect(readFileSync(target, 'utf8')).toContain("training: {\n    family: 'trees',")
    expect(statSync(target).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder).toSorted()).toEqual(['elsewhere.ts', 'gym.project.ts', 'home'])
  })

  it.each([
    [
      'would come to nothing',
      text("tasks: { stays: label(['no', 'yes']) }, ...{ name: 'gym', training: { family: 'prior' } }"),
      /another project/,
    ],
    ['is not understood', text().replace('defineProject({', 'defineProject(0 || {'), /not written there/],
  ])('leaves a file as it is where the change %s', async (_, content, reason) => {
    const file = write(content, 'gym.project.ts')
    const loaded = await loadProject(file)
    expect(await saveTraining(loaded, training)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason) as string,
    })
    expect(readFileSync(file, 'utf8')).toBe(content)
    expect(readdirSync(folder).toSorted()).toEqual(['gym.project.ts', 'home'])
  })
})
