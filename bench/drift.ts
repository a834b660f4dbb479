// How often drift is called where there is none, beside what it should be, and how often where there is some: for
// bins of a number, for categories of which many are rare, and for a rare yes, at several sizes of the sample.
//   node bench/drift.ts [--runs 10000] [--sizes 50,200,1000,10000] [--reference 20000] [--seed 1] [--json]
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import { driftPValue, findDrift } from '../features/statistics/drift.ts'
import { drawFromBins } from '../features/statistics/hypergeometric.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    sizes: { type: 'string', default: '50,200,1000,10000' },
    reference: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

const LEVELS = [0.05, 0.01]
/** So many are drawn from that it makes no difference whether they are put back. */
const POPULATION = 1e9
const normalShares = (shift: number): number[] => {
  const weights = Array.from({ length: 18 }, (_, bin) => Math.exp(-0.5 * ((bin - 8.5) / 4 - shift) ** 2))
  return normalised(weights)
}
const zipf = normalised(Array.from({ length: 30 }, (_, rank) => 1 / (rank + 1) ** 1.5))
const KINDS = [
  { name: 'number, 18 bins', isOrdered: true, shares: normalShares(0), drifted: normalShares(0.2) },
  {
    name: '30 categories',
    isOrdered: false,
    shares: zipf,
    // Every tenth user of the first now has the second.
    drifted: zipf.map((share, rank) => share + ([-0.1, 0.1][rank] ?? 0) * (zipf[0] ?? 0)),
  },
  { name: 'a yes of 3 %', isOrdered: false, shares: [0.97, 0.03], drifted: [0.955, 0.045] },
]

const random = createRandom(Number(options.seed)).fork('drift')
const runs = Number(options.runs)
const rows = KINDS.flatMap((kind) =>
  options.sizes.split(',').map((size) => {
    const measured = measure(kind, Number(size))
    if (!options.json) console.log(JSON.stringify(measured))
    return measured
  }),
)
const families = measureFamilies()
console.log(JSON.stringify(options.json ? { ...options, rows, families } : families))

function measure({ name, isOrdered, shares, drifted }: (typeof KINDS)[number], size: number): object {
  const pOf = (now: readonly number[]): number => {
    const reference = draw(shares, Number(options.reference))
    return driftPValue({ name, isOrdered, reference, current: draw(now, size) }, random)
  }
  const nulls = Array.from({ length: runs }, () => pOf(shares))
  const found = Array.from({ length: Math.ceil(runs / 10) }, () => pOf(drifted))
  const share = (values: readonly number[], level: number): number =>
    values.filter((p) => p <= level).length / values.length
  return {
    kind: name,
    size,
    falseAlarmsOverNominal: LEVELS.map((level) => Number((share(nulls, level) / level).toFixed(3))),
    power: LEVELS.map((level) => Number(share(found, level).toFixed(3))),
  }
}

/** Fifty features of which fifteen have drifted, or none: which share of what is called so is false. */
function measureFamilies(): object {
  const familyRuns = Math.ceil(runs / 50)
  const run = (driftedCount: number) => {
    const samples = Array.from({ length: 50 }, (_, place) => {
      const { isOrdered, shares, drifted } = KINDS[place % KINDS.length] as (typeof KINDS)[number]
      const reference = draw(shares, Number(options.reference))
      const current = draw(place < driftedCount ? drifted : shares, 1_000)
      return { name: `feature ${place}`, isOrdered, reference, current }
    })
    const called = findDrift(samples, { random: random.fork(String(random.integer(2 ** 31))) })
    const isFalse = called.map(({ isDrifted }, place) => isDrifted && place >= driftedCount)
    const [all, wrong] = [called.filter(({ isDrifted }) => isDrifted), isFalse.filter(Boolean)]
    return { any: all.length > 0, falseShare: all.length === 0 ? 0 : wrong.length / all.length }
  }
  const some = Array.from({ length: familyRuns }, () => run(15))
  const none = Array.from({ length: familyRuns }, () => run(0))
  return {
    features: 50,
    runs: familyRuns,
    anyAlarmWithoutDrift: none.filter(({ any }) => any).length / familyRuns,
    falseDiscoveriesWith15Drifted: some.reduce((sum, { falseShare }) => sum + falseShare, 0) / familyRuns,
  }
}

function draw(shares: readonly number[], drawn: number): number[] {
  const counts = shares.map((share) => Math.round(POPULATION * share))
  const into = new Float64Array(counts.length)
  drawFromBins(counts, { drawn, into, random })
  return Array.from(into)
}

function normalised(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
