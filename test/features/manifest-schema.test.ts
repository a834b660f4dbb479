import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputSpecs } from '../../features/encode.ts'
import { FEATURE_VERSION, READABLE_VERSIONS } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { occurs, total } from '../../features/project.ts'
import { buildFeatures } from './generated.ts'
import { inputBinsOf } from '../../features/input-bins.ts'
import { version2Text } from './version-2.ts'

const features = buildFeatures()
const file = { bytes: 10, sha256: 'a'.repeat(64) }
const manifest: Manifest = {
  featureVersion: FEATURE_VERSION,
  project: 'shop',
  family: 'softmax',
  features,
  inputs: inputSpecs(features),
  heads: [
    {
      task: 'buys',
      declaration: occurs('purchase', { withinDays: 7 }),
      kind: 'probability',
      basis: 'model',
      classes: ['no', 'yes'],
      prior: [0.9, 0.1],
      newcomerPrior: [0.95, 0.05],
      temperature: 1,
      bias: [0, 0],
    },
    {
      task: 'spend',
      declaration: total('purchase', { withinDays: 7 }),
      kind: 'amount',
      basis: 'model',
      prior: [3],
      newcomerPrior: [1],
      link: 'softplus',
      scale: 3,
      factor: 1,
    },
  ],
  files: [
    { ...file, name: 'model.onnx', kind: 'model' },
    { ...file, name: 'card.json', kind: 'card' },
    { ...file, name: 'golden.json', kind: 'golden' },
  ],
}

/** The manifest's text with the value at this path replaced; undefined takes it out. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(manifest) as unknown as Record<string | number, unknown>
  let place = copy
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>
  place[path.at(-1) ?? ''] = value
  return JSON.stringify(copy)
}

describe('parseManifest', () => {
  it('gives back what was written', () => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual({ ok: true, value: manifest })
  })

  it.each([
    { kind: 'beta', stretch: -0.1, skew: 0.2, level: 0.1 },
    { kind: 'isotonic', from: [-2, 0, 1], to: [-3, 0, 0.5] },
  ])('reads a calibration with a curve of kind $kind', (curve) => {
    const parsed = parseManifest(changed(['heads', 0, 'curve'], curve))
    expect(parsed).toMatchObject({ ok: true, value: { heads: [{ curve }, {}] } })
  })

  it.each<readonly [string, readonly (string | number)[], unknown]>([
    ['another version of features', ['featureVersion'], 1],
    ['a version to come', ['featureVersion'], FEATURE_VERSION + 1],
    ['a temperature of 0', ['heads', 0, 'temperature'], 0],
    ['a sequence of 2^31', ['features', 'sequenceLength'], 2 ** 31],
    ['a prior that is no distribution', ['heads', 0, 'prior'], [0.9, 0.9]],
    ['a prior below zero', ['heads', 0, 'prior'], [1.1, -0.1]],
    ['a prior of another width', ['heads', 0, 'newcomerPrior'], [0.2, 0.3, 0.5]],
    ['a bias that is not there', ['heads', 0, 'bias'], [0]],
    ['a curve of no kind', ['heads', 0, 'curve'], { kind: 'spline' }],
    ['a curve that falls', ['heads', 0, 'curve'], { kind: 'beta', stretch: 0, skew: 1, level: 0 }],
    ['knots that fall', ['heads', 0, 'curve'], { kind: 'isotonic', from: [0, 1], to: [1, 0] }],
    ['knots that lead nowhere', ['heads', 0, 'curve'], { kind: 'isotonic', from: [0, 1], to: [0] }],
    ['a head without its declaration', ['heads', 0, 'declaration'], undefined],
    ['a head of another kind than its task', ['heads', 0, 'kind'], 'choice'],
    ['classes in another order than its task', ['heads', 0, 'classes'], ['yes', 'no']],
    ['a horizon of 0', ['heads', 0, 'declaration', 'horizonMs'], 0],
    ['a scale of 0', ['heads', 1, 'scale'], 0],
    ['a factor below zero', ['heads', 1, 'factor'], -1],
    ['a factor that is null, as NaN is written', ['heads', 1, 'factor'], null],
    ['an unsaid count', ['features', 'counted'], undefined],
    ['nothing counted', ['features', 'counted'], []],
    ['an unknown count', ['features', 'counted', 1], 'weeks'],
    ['days for visits', ['features', 'counted'], ['days', 'moments']],
    ['something counted twice', ['features', 'counted'], ['moments', 'moments']],
    ['a deviation below zero', ['features', 'historyNumbers', 0, 'deviation'], -1],
    ['boundaries that fall', ['features', 'attributeNumbers', 0, 'boundaries'], [3, 2, 1]],
    ['inputs that are not those of the features', ['inputs', 0, 'shape'], [7]],
    ['a count that is answered by classes', ['heads', 0, 'declaration', 'kind'], 'count'],
    ['no heads', ['heads'], []],
    ['no model among the files', ['files'], manifest.files.slice(1)],
    ['a file outside the folder', ['files', 0, 'name'], '../model.onnx'],
    ['a hash that is none', ['files', 0, 'sha256'], 'abc'],
  ])('refuses %s', (_, path, value) => {
    const parsed = parseManifest(changed(path, value))
    expect(parsed.ok).toBe(false)
  })

  it('names the place and never throws, whatever the text', () => {
    expect(parseManifest(changed(['heads', 0, 'temperature'], 0))).toEqual({
      ok: false,
      reason: expect.stringMatching(/^manifest\.json: heads\.0\.temperature: /),
    })
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !parseManifest(text).ok))
  })

  it('says which input is not as the features make it, and how it should be', () => {
    expect(parseManifest(changed(['inputs', 0, 'shape'], [7]))).toEqual({
      ok: false,
      reason: expect.stringMatching(/inputs\.0: .* expected \w+ \w+ \[\d+\], got \w+ \w+ \[7\]$/),
    })
    const cut = JSON.stringify({ ...manifest, inputs: manifest.inputs.slice(0, -1) })
    expect(parseManifest(cut)).toMatchObject({ reason: expect.stringContaining('got no more') })
  })

  it('reads what drift is measured against, and refuses bins that are not those of the features', () => {
    const counts = (length: number): number[] => Array.from({ length }, () => 3)
    const inputs = Object.fromEntries(
      inputBinsOf(manifest.features).map(({ name, count }) => [name, counts(count)]),
    )
    const reference = { inputs, answers: { buys: [{ cuts: [0.1], counts: counts(2) }] }, outcomes: {} }
    const whole = { ...manifest, reference }
    expect(parseManifest(JSON.stringify(whole))).toEqual({ ok: true, value: whole })
    const short = { ...reference, inputs: { ...inputs, 'user.plan': counts(2) } }
    expect(parseManifest(JSON.stringify({ ...manifest, reference: short }))).toEqual({
      ok: false,
      reason: 'manifest.json: reference.inputs: The bins are not those of the features',
    })
  })

  it('reads the amount that answers a count', () => {
    const parsed = parseManifest(changed(['heads', 1, 'declaration', 'kind'], 'count'))
    expect(parsed).toMatchObject({ ok: true, value: { heads: [{}, { declaration: { kind: 'count' } }] } })
  })

  it('reads a manifest of version 2, which counts lines without a word', () => {
    const parsed = parseManifest(version2Text)
    expect(parsed).toMatchObject({ ok: true, value: { featureVersion: 2, features: { counted: ['lines'] } } })
    const { features: own, ...rest } = JSON.parse(version2Text) as Manifest
    const said = parseManifest(JSON.stringify({ ...rest, features: { ...own, counted: ['moments'] } }))
    expect(said).toEqual({ ok: false, reason: expect.stringMatching(/^manifest\.json: features\.counted: /) })
  })

  it('reads this version and, but for the first, the one before', () => {
    const wanted = [FEATURE_VERSION - 1, FEATURE_VERSION].filter((version) => version >= 2)
    expect(READABLE_VERSIONS).toEqual(wanted)
  })
})
