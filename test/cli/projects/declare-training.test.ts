import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withTraining } from '../../../cli/projects/declare-training.ts'

const training = { family: 'trees', settings: { learningRate: 0.05, leavesMax: 7 } }

const HEAD = "import { defineProject, label } from '../features/project.ts'\n\n"

/** A project whose object holds these lines. */
function project(lines: string): string {
  return `${HEAD}export const gym = defineProject({\n  name: 'gym',\n${lines}})\n`
}

function written(text: string): string {
  const edited = withTraining(text, training)
  if (!edited.ok) throw new Error(edited.reason)
  return edited.value
}

const LINES = `  training: {
    family: 'trees',
    settings: {
      learningRate: 0.05,
      leavesMax: 7,
    },
  },
`

describe('withTraining', () => {
  it('writes the key after the tasks, and nothing else', () => {
    const tasks = "  tasks: { stays: label(['no', 'yes']) }, // of a row, or none\n"
    const source = "  source: { file: 'rows.csv' },\n"
    expect(written(project(tasks + source))).toBe(project(tasks + LINES + source))
    expect(written(project(tasks.replaceAll('\n', '\r\n')))).toBe(
      project((tasks + LINES).replaceAll('\n', '\r\n')),
    )
  })

  it('puts another value where the key stands', () => {
    const before =
      "  training: { family: 'pooled', /* } */ settings: {} },\n  tasks: { a: label([]) }, // }\n"
    const after = before.replace(
      "{ family: 'pooled', /* } */ settings: {} },\n",
      LINES.replace('  training: ', ''),
    )
    expect(written(project(before))).toBe(project(after))
    expect(written(written(project(before)))).toBe(project(after))
  })

  it.each([
    [
      'without a comma at the end',
      "  tasks: { a: label(['x', 'y']) }\n",
      "  tasks: { a: label(['x', 'y']) },\n",
    ],
    [
      'without a comma, before a comment',
      "  tasks: { a: label(['x', 'y']) } // two\n",
      "  tasks: { a: label(['x', 'y']) }, // two\n",
    ],
  ])('writes it %s', (_, before, after) => {
    expect(written(project(before))).toBe(project(after + LINES.replace(/,\n$/, '\n')))
  })

  it('writes it into an object on one line, and by tabs', () => {
    expect(written("const a = defineProject({ name: 'a', tasks: {} })")).toMatch(
      /^const a = defineProject\(\{ name: 'a', tasks: \{\}, training: \{\n[^]*\} \}\)$/,
    )
    expect(written("const a = defineProject({\n\tname: 'a',\n\ttasks: {},\n})")).toContain(
      "\ttasks: {},\n\ttraining: {\n\t\tfamily: 'trees',\n\t\tsettings: {\n\t\t\tlearningRate",
    )
  })

  it('is not misled by what texts and comments say', () => {
    const texts = fc.constantFrom("'a } b'", '"tasks: {"', '`x ${y({ a: `}` })} z`', "'it\\'s'", '[{}, (1)]')
    const notes = fc.constantFrom('// tasks: 1, }\n', '/* } , */', '', '\n')
    fc.assert(
      fc.property(texts, notes, notes, (value, note, other) => {
        const before = `  label: ${value},${note}\n  tasks: {${other} a: ${value} },\n`
        expect(written(project(before))).toBe(project(before + LINES))
      }),
    )
  })

  it.each([
    ['no call', 'export const gym = {}', /no call of defineProject/],
    ['two calls', 'defineProject({})\ndefineProject({})', /called 2 times/],
    ['what is written elsewhere', 'export const gym = defineProject(declared)', /not written there/],
    ['tasks from elsewhere', "defineProject({ ...base, name: 'a' })", /tasks are declared elsewhere/],
    ['training from elsewhere', 'defineProject({ tasks: {}, training })', /training is declared elsewhere/],
    ['what could be a division', 'defineProject({ tasks: { a: /}/ } })', /line 1 is not understood/],
    ['a brace that is open', 'defineProject({ tasks: {', /not closed/],
  ])('refuses %s', (_, text, reason) => {
    const edited = withTraining(text, training)
    expect(edited).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as string })
  })
})
