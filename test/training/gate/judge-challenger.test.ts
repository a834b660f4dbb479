import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseManifest } from '../../../features/manifest-schema.ts'
import { defineProject } from '../../../features/project.ts'
import type { Bundle } from '../../../training/evaluate-bundle.ts'
import { describeGateFault, describeVerdict } from '../../../training/gate/describe-verdict.ts'
import { judgeChallenger } from '../../../training/gate/judge-challenger.ts'
import type { GateResult } from '../../../training/gate/judge-challenger.ts'
import { buildWorld, kiosk } from '../build-world.ts'
import { trainSmall } from '../train-small.ts'

const buys = (plan: string): number => (plan === 'a' ? 0.15 : 0.6)
const planOf = (user: number): string => (user % 2 === 0 ? 'a' : 'b')
const users = 130
const examples = { train: 800, validation: 300, test: 500 }
const today = buildWorld({ users, days: 14, planOf, buys })
const daysAgo = buildWorld({ users, days: 7, planOf, buys })
const mislabelled = buildWorld({ users, days: 7, planOf, buys: (plan) => 0.75 - buys(plan) })

async function bundleOf(data: typeof today, finalFit = false): Promise<Bundle> {
  const bundlesFolder = mkdtempSync(join(tmpdir(), 'presage-gate-'))
  const settings = { stepsMax: 80 }
  const trained = await trainSmall({
    project: kiosk,
    data,
    family: 'softmax',
    seed: 1,
    settings,
    finalFit,
    examples,
    bundlesFolder,
  })
  if (!trained.ok) throw new Error(JSON.stringify(trained.reason))
  const { folder, card } = trained.value
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  if (!manifest.ok) throw new Error(manifest.reason)
  const model = readFileSync(join(folder, 'model.onnx'))
  rmSync(bundlesFolder, { recursive: true })
  return { manifest: manifest.value, card, model }
}

// Trained once, by the test that needs it first.
const bundles = {
  latest: once(() => bundleOf(today, true)),
  older: once(() => bundleOf(daysAgo)),
  wrong: once(() => bundleOf(mislabelled)),
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

async function gate(challenger: Bundle, champion?: Bundle): Promise<GateResult> {
  const judged = await judgeChallenger({
    project: kiosk,
    data: today,
    challenger,
    champion,
    seed: 4,
    examples,
    backend: 'wasm',
  })
  if (!judged.ok) throw new Error(describeGateFault(judged.reason))
  return judged.value
}

describe('judgeChallenger', () => {
  it('sets what knows the latest moments beside what does not by making it again from what came before, and says so', async () => {
    const verdict = await gate(await bundles.latest(), await bundles.older())
    expect(verdict).toMatchObject({
      challenger: 'made_again',
      champion: 'as_deployed',
      claim: 'no_worse',
    })
    expect(describeVerdict(verdict).join('\n')).toContain('challenger: made again with its settings')
  })

  it('keeps the champion from one that differs by its seed alone: both are made again', async () => {
    const latest = await bundles.latest()
    const reseeded = { ...latest, card: { ...latest.card, seed: 2 } }
    const verdict = await gate(reseeded, latest)
    expect(verdict).toMatchObject({
      challenger: 'made_again',
      champion: 'made_again',
      claim: 'better',
    })
    expect(verdict.outcome).not.toBe('promote')
  })

  it('keeps out a challenger that learned from wrong labels, naming the task', async () => {
    const [wrong, older] = [await bundles.wrong(), await bundles.older()]
    const verdict = await gate(wrong, older)
    expect(verdict).toMatchObject({ outcome: 'keep', challenger: 'as_deployed', champion: 'as_deployed' })
    expect(verdict.obstacles).toContainEqual(
      expect.objectContaining({
        code: 'task_worse',
        worse: expect.objectContaining({ task: 'buysNextDay' }),
      }),
    )
    const turned = await gate(older, wrong)
    expect(turned.gain?.low).toBeGreaterThan(0)
  })

  it('compares with the prior where there is no champion', async () => {
    const verdict = await gate(await bundles.latest())
    expect(verdict).toMatchObject({ outcome: 'promote', champion: 'prior', claim: 'better' })
    expect(verdict.tasks.every(({ isAnsweredByChampion }) => !isAnsweredByChampion)).toBe(true)
  })

  it('refuses a bundle of another project', async () => {
    const booth = defineProject({ ...kiosk, name: 'booth' } as never)
    const challenger = await bundles.latest()
    const judged = await judgeChallenger({ project: booth, data: today, challenger, seed: 4 })
    expect(judged.ok ? '' : describeGateFault(judged.reason)).toBe(
      "The bundle is of project 'kiosk', not of 'booth'",
    )
  })
})
