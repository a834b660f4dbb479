// Texts of files become vectors by an encoder that the team brings.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import { onnx, workersAi } from '../../../features/encoder.ts'
import type { EncoderDeclaration } from '../../../features/encoder.ts'
import { defineProject, label, occurs, text } from '../../../features/project.ts'
import { unpackVector } from '../../../features/vectors.ts'
import { withEncodedTexts } from '../../../training/encoders/encode-texts.ts'
import { createOnnxEncoder } from '../../../training/encoders/onnx-encoder.ts'
import { buildTable } from '../build-table.ts'
import { createDataFolder } from '../data/data-folder.ts'
import { writeEncoder } from './build-encoder.ts'

const folder = mkdtempSync(join(tmpdir(), 'encoders-'))
const files = createDataFolder()
afterAll(() => {
  rmSync(folder, { recursive: true })
  files.remove()
})
const encoder = onnx(writeEncoder(join(folder, 'tiny')), { dims: 3 })

const projectOf = (declared: EncoderDeclaration) =>
  defineProject({
    name: 'table',
    user: { about: text({ encoder: declared }) },
    tasks: { bought: label(['yes', 'no']) },
  })

/** The vectors of users who say this, by what is kept in a folder. */
async function vectorsOf(abouts: readonly (string | null)[], kept: string): Promise<unknown[]> {
  const rows = abouts.map((about, index) => ({
    userId: `u${index}`,
    versions: undated({ about }),
    events: [],
    questions: [],
  }))
  const encoded = await withEncodedTexts(buildTable(rows), { project: projectOf(encoder), folder: kept })
  if (!encoded.ok) throw new Error(encoded.reason)
  const vectors: unknown[] = []
  for await (const { versions } of encoded.value.users()) {
    const packed = versions[0]?.attributes['about.vector']
    vectors.push(packed === undefined ? undefined : Array.from(unpackVector(packed, 3) ?? []))
  }
  return vectors
}

describe('createOnnxEncoder', () => {
  it('averages the states of the tokens and scales the mean to length 1', async () => {
    const created = await createOnnxEncoder(encoder)
    if (!created.ok) throw new Error(created.reason)
    const vectors = await created.value.encode(['Red', 'red shoe', 'unheard', 'red '.repeat(400)])
    const half = Math.SQRT1_2
    const expected = [
      [1, 0, 0],
      [half, half, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]
    for (const [index, vector] of vectors.entries()) {
      for (const [place, value] of vector.entries())
        expect(value).toBeCloseTo(expected[index]?.[place] ?? 9, 5)
    }
  })

  it('says what is wrong with a folder', async () => {
    const faultOf = async (name: string, dims = 3) => {
      const created = await createOnnxEncoder({ kind: 'onnx', folder: join(folder, name), dims })
      return created.ok ? undefined : created.reason
    }
    expect(await faultOf('nowhere')).toContain('there is no')
    expect(await faultOf('tiny', 4)).toContain('it makes 3 numbers, but the project says 4')
    writeEncoder(join(folder, 'other'), ['input_ids', 'pixels'])
    expect(await faultOf('other')).toContain("its model asks for 'pixels'")
  })
})

describe('withEncodedTexts', () => {
  it('gives each text its vector and encodes it once, also where a run was cut short', async () => {
    const kept = join(folder, 'kept')
    mkdirSync(kept)
    const abouts = ['red', 'hat', 'red', null, ' ']
    const first = await vectorsOf(abouts, kept)
    expect(first).toEqual([[1, 0, 0].map(near), [0, -1, 0].map(near), [1, 0, 0].map(near), undefined, []])
    const [name = ''] = readdirSync(kept)
    appendFileSync(join(kept, name), 'half a li')
    expect(await vectorsOf([...abouts, 'shoe'], kept)).toEqual([...first, [0, 1, 0].map(near)])
  })

  it('leaves a data set as it is where nothing is declared', async () => {
    const project = defineProject({
      name: 'table',
      user: { about: text() },
      tasks: { bought: label(['yes', 'no']) },
    })
    const data = buildTable([])
    expect(await withEncodedTexts(data, { project, folder })).toEqual({ ok: true, value: data })
  })
})

const near = (value: number): unknown => expect.closeTo(value, 5)

describe('a text with an encoder', () => {
  it('is all that a file must have', async () => {
    const path = files.write('people.csv', 'about,bought\nred,yes\n,no\n')
    const { users } = await files.read(path, { project: projectOf(encoder) })
    expect(users.map(({ versions }) => versions[0]?.attributes)).toEqual([{ about: 'red' }, { about: null }])
  })

  it('is refused where nobody would encode it', () => {
    expect(() =>
      defineProject({
        name: 'shop',
        events: { search: {} },
        context: { query: text({ encoder }) },
        tasks: { searches: occurs('search', { withinDays: 7 }) },
      }),
    ).toThrow('context.query: an encoder reads texts of users and items')
  })
})

describe('texts that the Worker encodes', () => {
  it('keep the vectors that the data bring, get no others, and it is said', async () => {
    const attributes = { about: 'red shoe', 'about.vector': 'int8:of-an-export' }
    const rows = [attributes, { about: 'red shoe' }].map((given, index) => ({
      userId: `u${index}`,
      versions: undated(given),
      events: [],
      questions: [],
    }))
    const kept = join(folder, 'of-the-worker')
    const encoded = await withEncodedTexts(buildTable(rows), {
      project: projectOf(workersAi()),
      folder: kept,
    })
    if (!encoded.ok) throw new Error(encoded.reason)
    const read = await Array.fromAsync(encoded.value.users(), ({ versions }) => versions[0]?.attributes)
    expect(read).toEqual([attributes, { about: 'red shoe' }])
    expect(encoded.value.notes.map(({ text: words }) => words)).toEqual([
      expect.stringContaining('about: the encoder runs in the Worker alone'),
    ])
  })
})
