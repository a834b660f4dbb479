// What the final fit knows that the rehearsal did not, and what both leave on the card.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEncoder } from '../../features/encode.ts'
import { decode } from '../../features/decode.ts'
import type { ProbabilityAnswer } from '../../features/heads/head.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import type { Manifest } from '../../features/manifest.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Card } from '../../training/card.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { createRunner } from '../../training/onnx/run.ts'
import { START_MS } from './examples/build-log.ts'
import { buildWorld, kiosk } from './build-world.ts'
import { newFolder, trainSmall } from './train-small.ts'

const DAYS = 30
const buys: Readonly<Record<string, number>> = { a: 0.1, b: 0.5, c: 0.95 }

/** Users of plan c, who nearly always buy, come in the last days alone. */
const world = buildWorld({
  users: 120,
  days: DAYS,
  planOf: (user) => ['a', 'b', 'c'][user % 3] ?? 'a',
  firstDay: (user) => (user % 3 === 2 ? 24 : 0),
  buys: (plan) => buys[plan] ?? 0,
})

interface Trained {
  readonly manifest: Manifest
  readonly model: Uint8Array
  readonly card: Card
  readonly said: readonly string[]
}

async function trainOn(data: DataSet, { finalFit = true, family = 'softmax' } = {}): Promise<Trained> {
  const said: string[] = []
  const monitor = {
    say: (line: string) => said.push(line),
    track: () => ({ advance: () => {}, done: () => {} }),
  }
  const settings = family === 'prior' ? {} : { stepsMax: 800 }
  const trained = await trainSmall({
    project: kiosk,
    data,
    family,
    finalFit,
    settings,
    monitor,
    bundlesFolder: newFolder(),
  })
  if (!trained.ok) throw new Error(JSON.stringify(trained.reason))
  const { folder, card } = trained.value
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  if (!manifest.ok) throw new Error(manifest.reason)
  return { manifest: manifest.value, model: readFileSync(join(folder, 'model.onnx')), card, said }
}

/** What a bundle answers on average of users of a plan at their first visit, of which the plan alone tells. */
async function meanAnswer({ manifest, model }: Trained, plan: string): Promise<number> {
  const encode = createEncoder(manifest.features)
  const runner = await createRunner(model, manifest.inputs)
  const answers: number[] = []
  for await (const { versions, events } of world.users()) {
    if (versions[0]?.attributes['plan'] !== plan) continue
    const history = events.slice(0, 1)
    const atMs = history[0]?.occurredAt ?? START_MS
    const encoded = encode({ history, user: versions, items: new Map(), atMs })
    const outputs = await runner.run(encoded, 1)
    answers.push((decode(manifest, outputs)['buysNextDay'] as ProbabilityAnswer).probability)
  }
  await runner.release()
  return answers.reduce((sum, answer) => sum + answer, 0) / answers.length
}

describe('the final fit', () => {
  it('knows those who came last, whom the rehearsal never saw', async () => {
    const [rehearsed, deployed] = [await trainOn(world, { finalFit: false }), await trainOn(world)]
    const apart = async (trained: Trained): Promise<number> =>
      Math.abs((await meanAnswer(trained, 'c')) - (buys['c'] ?? 0))
    expect(await apart(deployed)).toBeLessThan(0.1)
    expect(await apart(deployed)).toBeLessThan(0.3 * (await apart(rehearsed)))
    const plans = (trained: Trained) =>
      trained.manifest.features.categories.find(({ name }) => name === 'plan')?.values.toSorted()
    expect(plans(rehearsed)).toEqual(['a', 'b'])
    expect(plans(deployed)).toEqual(['a', 'b', 'c'])
  })

  it('leaves out what is not yet known at the end of the log, and does not count it as no', async () => {
    // All buy on every second day or so; the last day tells nothing yet of the day after.
    const steady = buildWorld({ users: 80, days: 12, planOf: () => 'a', buys: () => 0.5 })
    const { manifest, card } = await trainOn(steady, { family: 'prior' })
    const head = manifest.heads.find(({ task }) => task === 'buysNextDay')
    let [yes, known, all] = [0, 0, 0]
    for await (const { events } of steady.users()) {
      for (const { occurredAt } of events) {
        all += 1
        if (occurredAt + DAY_MS > (steady.span?.endMs ?? 0)) continue
        known += 1
        const isNext = (event: (typeof events)[number]): boolean =>
          event.type === 'buy' && event.occurredAt > occurredAt && event.occurredAt <= occurredAt + DAY_MS
        if (events.some(isNext)) yes += 1
      }
    }
    expect(known).toBeLessThan(0.95 * all)
    expect(head?.prior[1]).toBeCloseTo(yes / known, 2)
    expect(card.deployed.examples).toBe(known)
  })

  it('carries calibration and basis over, and says on the card what was rehearsed and what is deployed', async () => {
    const [rehearsed, deployed] = [await trainOn(world, { finalFit: false }), await trainOn(world)]
    expect(deployed.card.rehearsal).toEqual(rehearsed.card.rehearsal)
    const { parts, tasks } = deployed.card.rehearsal
    expect(Object.keys(tasks)).toEqual(Object.keys(kiosk.tasks))
    expect(rehearsed.card.deployed).toMatchObject({
      finalFit: false,
      examples: parts.train.examples,
      untilMs: Date.parse(parts.train.until ?? ''),
    })
    expect(deployed.card.deployed).toMatchObject({ finalFit: true, untilMs: (world.span?.endMs ?? 0) + 1 })
    expect(deployed.card.deployed.examples).toBeGreaterThan(1.5 * parts.train.examples)
    for (const head of deployed.manifest.heads) {
      const earlier = rehearsed.manifest.heads.find(({ task }) => task === head.task)
      expect(head.basis).toBe(earlier?.basis)
      expect(head.basis).toBe(tasks[head.task]?.basis)
      const numbersOf = (one: typeof earlier): Readonly<Record<string, unknown>> => ({ ...one })
      const [own, from] = [numbersOf(head), numbersOf(earlier)]
      for (const name of ['temperature', 'link'] as const) expect(own[name]).toEqual(from[name])
      // Part of how base rates moved is among what the final fit itself has seen.
      const shift = (one: typeof own): number => Math.abs(Math.log(Number(one['factor'] ?? 1)))
      if (head.kind === 'amount') expect(shift(own)).toBeLessThan(shift(from))
    }
  })

  it('says which attributes are undated, in one line, and keeps them on the card', async () => {
    const { card, said } = await trainOn(world, { family: 'prior' })
    expect(said).toContainEqual(
      expect.stringMatching(/^undated: user.plan \(.*: give knownAt, or declare fixed/),
    )
    expect(card.undated).toEqual(['user.plan'])
    const dated = { ...world, undated: [] }
    expect((await trainOn(dated, { family: 'prior' })).said.join('\n')).not.toContain('undated')
  })
})
