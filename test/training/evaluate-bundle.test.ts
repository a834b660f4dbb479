import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../features/manifest-schema.ts'
import { defineProject, occurs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import type { Card } from '../../training/card.ts'
import { describeEvaluateFault, evaluateBundle } from '../../training/evaluate-bundle.ts'
import type { Bundle } from '../../training/evaluate-bundle.ts'
import { buildWorld, kiosk } from './build-world.ts'
import { trainSmall } from './train-small.ts'

const SEED = 3
const buys = (plan: string): number => (plan === 'a' ? 0.15 : 0.6)
const planOf = (user: number): string => (user % 2 === 0 ? 'a' : 'b')
const world = buildWorld({ users: 120, days: 20, planOf, buys })

let bundle: Bundle
let card: Card
beforeAll(async () => {
  const bundlesFolder = mkdtempSync(join(tmpdir(), 'presage-evaluate-'))
  const settings = { stepsMax: 150 }
  const trained = await trainSmall({
    project: kiosk,
    data: world,
    family: 'softmax',
    seed: SEED,
    settings,
    finalFit: false,
    bundlesFolder,
  })
  if (!trained.ok) throw new Error(JSON.stringify(trained.reason))
  const { folder } = trained.value
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  if (!manifest.ok) throw new Error(manifest.reason)
  card = trained.value.card
  bundle = { manifest: manifest.value, card, model: readFileSync(join(folder, 'model.onnx')) }
  rmSync(bundlesFolder, { recursive: true })
})

const evaluate = (project: Project, overrides: Partial<Bundle> = {}) =>
  evaluateBundle({ project, data: world, bundle: { ...bundle, ...overrides }, seed: SEED })

/** The kiosk with other tasks. */
const asking = (tasks: Project['tasks'], name = 'kiosk'): Project =>
  defineProject({ name, events: kiosk.events, user: kiosk.user, tasks, asked: 'afterEvents' } as never)

describe('evaluateBundle', () => {
  it('finds at the moments of the rehearsal what the rehearsal found', async () => {
    const evaluated = await evaluate(kiosk)
    if (!evaluated.ok) throw new Error(describeEvaluateFault(evaluated.reason))
    expect(evaluated.value.tasks).toEqual(card.rehearsal.tasks)
    expect(evaluated.value).toMatchObject({ notCompared: {}, seenExamples: 0 })
  })

  it('says how many moments lie in what the bundle knows', async () => {
    const deployed = { ...card.deployed, untilMs: world.span?.endMs ?? 0, finalFit: true }
    const evaluated = await evaluate(kiosk, { card: { ...card, deployed } })
    expect(evaluated).toMatchObject({ ok: true })
    if (evaluated.ok) expect(evaluated.value.seenExamples).toBe(evaluated.value.examples)
  })

  it('compares the tasks that mean the same, and names the others with the reason', async () => {
    const { buysNextDay } = kiosk.tasks
    const evaluated = await evaluate(
      asking({
        buysNextDay,
        complainsNextDay: occurs('complain', { withinDays: 2 }),
        visitsNextDay: occurs('visit', { withinDays: 1 }),
      }),
    )
    if (!evaluated.ok) throw new Error(describeEvaluateFault(evaluated.reason))
    expect(Object.keys(evaluated.value.tasks)).toEqual(['buysNextDay'])
    expect(evaluated.value.notCompared).toEqual({
      complainsNextDay: 'another_meaning',
      spendNextDay: 'not_in_project',
      visitsNextDay: 'not_in_bundle',
    })
  })

  it('refuses a bundle that answers nothing of the project, or is of another', async () => {
    const nothing = await evaluate(asking({ buysNextDay: occurs('buy', { withinDays: 2 }) }))
    expect(nothing.ok ? '' : describeEvaluateFault(nothing.reason)).toMatch(
      /^The bundle answers nothing that the project asks: 'buysNextDay' asks something else in the project/,
    )
    const other = await evaluate(asking(kiosk.tasks, 'booth'))
    expect(other.ok ? '' : describeEvaluateFault(other.reason)).toBe(
      "The bundle is of project 'kiosk', not of 'booth'",
    )
  })
})
