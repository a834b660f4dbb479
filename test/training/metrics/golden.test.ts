import { describe, expect, it } from 'vitest'
import { classReport } from '../../../training/metrics/report.ts'
import type { ClassReport } from '../../../training/metrics/report.ts'
import { goldenForecasts } from './golden-forecasts.ts'

/** The report with every number held to ten digits after the point. */
function nearly({ perClass, ...numbers }: ClassReport): unknown {
  const near = (all: object): unknown =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, expect.closeTo(Number(value), 10)]))
  return {
    ...(near(numbers) as object),
    perClass: Object.fromEntries(Object.entries(perClass).map(([name, scores]) => [name, near(scores)])),
  }
}

describe('classReport', () => {
  it.each(Object.entries(goldenForecasts))('agrees with scikit-learn on %s', (_name, golden) => {
    expect(classReport(golden)).toEqual(nearly(golden.report))
  })
})
