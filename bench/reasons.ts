// Whether reasons are right where the effects are known: a table whose law is given, a model trained on it, and of
// each row the three attributes that mattered most, by the model's reasons and by the Shapley values of the law
// itself beside the same somebody typical. And how long an explanation takes.
//   node bench/reasons.ts [--family pooled] [--seeds 1,2,3] [--rows 20000] [--json]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openData } from '../cli/storage/open-data.ts'
import { inputSpecs } from '../features/encode.ts'
import { category, defineProject, label, number } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { planCoalitions } from '../features/reasons/coalitions.ts'
import { explain } from '../features/reasons/explain.ts'
import { rowOf } from '../features/rows.ts'
import { FEATURE_VERSION } from '../features/manifest.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import { findFamily } from '../training/find-family.ts'
import { createRunner } from '../training/onnx/run.ts'
import { referenceInputs } from '../training/reference.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { sayLines } from './say-lines.ts'
import { meanAndSpread } from './spread.ts'

const { values: options } = parseArgs({
  options: {
    family: { type: 'string', default: 'pooled' },
    seeds: { type: 'string', default: '1,2,3' },
    rows: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
})

const PLANS = ['basic', 'pro', 'team'] as const
const project = defineProject({
  name: 'known-effects',
  user: { age: number(), visits: number(), plan: category(), country: category(), noise: number() },
  tasks: { renews: label(['no', 'yes']) },
  source: { kind: 'table', labels: { renews: 'renews' } },
})

type Person = Readonly<Record<'age' | 'visits' | 'noise', number>> &
  Readonly<Record<'plan' | 'country', string>>
const ATTRIBUTES = ['age', 'visits', 'plan', 'country', 'noise'] as const

/** What the law says of a person. Age bends, visits saturate, plans differ, and countries a little. */
function probabilityOf({ age, visits, plan, country }: Person): number {
  const logit =
    -0.4 +
    1.6 * Math.sin((age - 40) / 14) +
    1.4 * Math.tanh((visits - 5) / 3) +
    ({ basic: -0.9, pro: 0.6, team: 1.6 }[plan] ?? 0) +
    ({ de: 0, fr: -0.35, it: 0.45 }[country] ?? 0)
  return 1 / (1 + Math.exp(-logit))
}

function draw(random: Random): Person {
  return {
    age: 18 + random.integer(60),
    visits: random.integer(16),
    plan: PLANS[random.pick([0.5, 0.3, 0.2])] ?? 'basic',
    country: ['de', 'fr', 'it'][random.pick([0.5, 0.3, 0.2])] ?? 'de',
    noise: Math.round(100 * random.normal()) / 100,
  }
}

interface Row {
  readonly seed: number
  /** Of the rows, whose three greatest are those of the law, in its order. */
  readonly right: number
  /** Likewise of those whose four greatest differ by so many points of probability, and how many those are. */
  readonly apart: readonly Apart[]
  /** Milliseconds an explanation, mean; by ONNX Runtime for Node. */
  readonly ms: number
}

interface Apart {
  readonly points: number
  readonly right: number
  readonly share: number
}

const POINTS = [1, 2, 4]

const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(await measure(seed))
if (options.json) console.log(JSON.stringify({ family: options.family, rows }))
else {
  const line = (name: string, of: (row: Row) => number, share: (row: Row) => number) =>
    console.log(`| ${name} | ${meanAndSpread(rows.map(share), 3)} | ${meanAndSpread(rows.map(of), 3)} |`)
  console.log(
    `${options.family}: ${meanAndSpread(
      rows.map(({ ms }) => ms),
      2,
    )} ms an explanation`,
  )
  console.log('| the four greatest differ by | share of rows | top three right, in order |')
  console.log('| --- | --: | --: |')
  line(
    'anything',
    ({ right }) => right,
    () => 1,
  )
  for (const [index, points] of POINTS.entries()) {
    line(
      `${points} points`,
      ({ apart }) => apart[index]?.right ?? Number.NaN,
      ({ apart }) => apart[index]?.share ?? 0,
    )
  }
}

async function measure(seed: number): Promise<Row> {
  const random = createRandom(seed)
  const people = Array.from({ length: Number(options.rows) }, () => draw(random))
  const folder = mkdtempSync(join(tmpdir(), 'presage-reasons-'))
  try {
    const lines = people.map((person) => {
      const renews = random.next() < probabilityOf(person) ? 'yes' : 'no'
      return [...ATTRIBUTES.map((name) => person[name]), renews].join(',')
    })
    const file = join(folder, 'people.csv')
    writeFileSync(file, [[...ATTRIBUTES, 'renews'].join(','), ...lines, ''].join('\n'))
    const data = await openData({ project, path: file, skipBadRows: false })
    try {
      const examples = await makeExamples({ project, data, seed })
      if (!examples.ok) throw new Error(describeTrainFault(examples.reason))
      return await compare(people, { seed, examples: examples.value })
    } finally {
      data.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(
  people: readonly Person[],
  { seed, examples }: { readonly seed: number; readonly examples: Made },
): Promise<Row> {
  const family = findFamily(options.family)
  if (!family.ok) throw new Error(describeTrainFault(family.reason))
  const monitor = sayLines(`seed ${seed}`)
  const rehearsed = await rehearse({ project, family: family.value, seed, examples, monitor })
  if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
  const { features, train, test } = examples
  const inputs = referenceInputs(features, { learned: train, random: createRandom(seed) })
  const manifest = {
    featureVersion: FEATURE_VERSION,
    project: project.name,
    family: options.family,
    features,
    inputs: inputSpecs(features),
    heads: rehearsed.value.heads,
    files: [],
    reference: { inputs, answers: {}, outcomes: {} },
  }
  const runner = await createRunner(rehearsed.value.proven.model, inputSpecs(features))
  const typical = typicalPerson(people)
  const asked = Math.min(1000, test.count)
  const startMs = performance.now()
  const told: string[][] = []
  for (let row = 0; row < asked; row += 1) {
    const encoded = rowOf(test.inputs, { row, rows: test.count })
    const { renews } = await explain(manifest, {
      encoded,
      run: (rowsOfInputs, count) => runner.run(rowsOfInputs, count),
      eventsMax: 5,
      tasks: ['renews'],
    })
    told.push((renews?.contributions ?? []).map(({ part }) => part.name.replace('user.', '')))
  }
  const ms = (performance.now() - startMs) / asked
  const judged = told.map((names, row) => {
    // A table's users are numbered by its lines, from 1 on.
    const person = people[Number(test.userIds[row]) - 1]
    if (person === undefined) throw new Error(`No person for the user ${test.userIds[row]}`)
    const truth = trueContributions(person, typical)
    const gaps = [0, 1, 2].map((place) => (truth[place]?.size ?? 0) - (truth[place + 1]?.size ?? 0))
    return {
      isRight: truth.slice(0, 3).every(({ name }, place) => names[place] === name),
      points: 100 * Math.min(...gaps),
    }
  })
  await runner.release()
  const shareRight = (some: typeof judged) => some.filter(({ isRight }) => isRight).length / some.length
  const apart = POINTS.map((points) => {
    const some = judged.filter((one) => one.points >= points)
    return { points, right: shareRight(some), share: some.length / asked }
  })
  return { seed, right: shareRight(judged), apart, ms }
}

type Made = Extract<Awaited<ReturnType<typeof makeExamples>>, { readonly ok: true }>['value']

function typicalPerson(people: readonly Person[]): Person {
  const mean = (name: 'age' | 'visits' | 'noise') =>
    people.reduce((sum, person) => sum + person[name], 0) / people.length
  const commonest = (name: 'plan' | 'country') =>
    [...Map.groupBy(people, (person) => person[name])].toSorted(
      ([, a], [, b]) => b.length - a.length,
    )[0]?.[0] ?? ''
  return {
    age: mean('age'),
    visits: mean('visits'),
    noise: mean('noise'),
    plan: commonest('plan'),
    country: commonest('country'),
  }
}

/** The law's own, greatest first. */
function trueContributions(person: Person, typical: Person) {
  const plan = planCoalitions(ATTRIBUTES.length, { coalitionsMax: 256, random: createRandom(1) })
  const scores = plan.coalitions.map((told) => {
    const known = Object.fromEntries(
      ATTRIBUTES.map((name, index) => [name, (told[index] === true ? person : typical)[name]]),
    )
    return probabilityOf(known as unknown as Person)
  })
  return plan
    .contributions(scores)
    .map((value, index) => ({ name: ATTRIBUTES[index] ?? '', size: Math.abs(value) }))
    .toSorted((a, b) => b.size - a.size)
}
