import { describe, expect, it } from 'vitest'
import type { TrainingFacts } from '../../../functions/db/trainings.ts'
import { decide, FLOOR_MS } from '../../../functions/scheduled/due/decide.ts'

const NOW = Date.UTC(2026, 5, 1)
const DAY_MS = 86_400_000

type Last = NonNullable<TrainingFacts['last']>

function training(overrides: Partial<Last> = {}): Last {
  return {
    id: 7,
    state: 'published',
    why: '',
    queuedAt: 0,
    wokenAt: null,
    claims: 1,
    claimedBy: 'a',
    claimedAt: 0,
    lease: 'l',
    leaseUntil: null,
    step: null,
    events: 20_000,
    labels: 0,
    rows: 20_000,
    bundleId: null,
    endedAt: NOW - DAY_MS,
    verdict: null,
    ...overrides,
  }
}

function decided(facts: Partial<TrainingFacts> = {}, isOn = true) {
  const last = facts.last ?? training()
  const usual = {
    heard: { events: 20_000, labels: 0 },
    alarms: [],
    alarmedAt: undefined,
    open: undefined,
    last,
    learned: last.state === 'failed' ? undefined : last,
    championSince: NOW - DAY_MS,
    onTrial: undefined,
  }
  return decide({ facts: { ...usual, ...facts }, nowMs: NOW, isOn })
}

describe('decide', () => {
  it('wants a tenth more events than there were, and says how many are missing', () => {
    expect(decided({ heard: { events: 21_999, labels: 0 } })).toEqual({
      isDue: false,
      why: '1999 new events of 2000 wanted; 0 new labels of 100 wanted; trained 1.0 of 7 days ago; no alarm of live; no alarm of drift; no alarm of drift or live rang yet',
    })
    expect(decided({ heard: { events: 22_000, labels: 0 } })).toEqual({
      isDue: true,
      why: '2000 new events of 2000 wanted',
    })
  })

  it.each([
    [true, 'bundle b-1 is on trial'],
    [false, 'bundle b-1 is on trial until somebody promotes it or rolls it back'],
  ])('waits while a bundle is on trial, be it that its share grows by itself: %s', (growsByItself, why) => {
    const onTrial = { bundleId: 'b-1', growsByItself }
    const facts = { heard: { events: 90_000, labels: 0 }, onTrial }
    expect(decided(facts)).toEqual({ isDue: false, why })
  })

  it('takes an alarm of drift or of live quality for a reason once, and not again for the same', () => {
    const alarm = { kind: 'drift' as const, at: NOW - DAY_MS, detail: 'plan moved' }
    const before = training({ claimedAt: NOW - 2 * DAY_MS })
    expect(decided({ alarms: [alarm], last: before })).toEqual({
      isDue: true,
      why: 'the alarm of drift rings: plan moved',
    })
    const after = training({ claimedAt: NOW - DAY_MS + 1 })
    expect(decided({ alarms: [alarm], last: after })).toMatchObject({ isDue: false })
    expect(decided({ alarms: [{ ...alarm, kind: 'live' }], last: before })).toMatchObject({ isDue: true })
    expect(decided({ alarms: [{ ...alarm, kind: 'skew' }], last: before })).toMatchObject({ isDue: false })
  })

  it('learns again each time there is twice as much of what came after an alarm, be it over or not', () => {
    const began = NOW - 6 * DAY_MS
    const learnedAfter = (days: number) => training({ claimedAt: began + days * DAY_MS })
    expect(decided({ alarmedAt: began, last: learnedAfter(3) })).toEqual({
      isDue: true,
      why: 'the last alarm of drift or live began 6.0 of 6.0 days ago',
    })
    expect(decided({ alarmedAt: began, last: learnedAfter(3.1) }).isDue).toBe(false)
    // At once nothing is new: two days of it at least.
    expect(
      decided({ alarmedAt: NOW - 1.9 * DAY_MS, last: training({ claimedAt: NOW - 1.9 * DAY_MS }) }),
    ).toEqual(expect.objectContaining({ isDue: false }))
    expect(
      decided({ alarmedAt: NOW - 2 * DAY_MS, last: training({ claimedAt: NOW - 2 * DAY_MS }) }).isDue,
    ).toBe(true)
    // What is long over calls no more often than age does.
    const longOver = { alarmedAt: NOW - 60 * DAY_MS, last: training({ claimedAt: NOW - DAY_MS }) }
    expect(decided(longOver).isDue).toBe(false)
    // One that ended before any training knew of it is answered all the same.
    const unanswered = (days: number) => ({
      alarmedAt: NOW - days * DAY_MS,
      last: training({ claimedAt: NOW - 10 * DAY_MS }),
    })
    expect(decided(unanswered(1.9)).isDue).toBe(false)
    expect(decided(unanswered(2)).isDue).toBe(true)
  })

  it('takes labels for a reason of their own', () => {
    expect(decided({ heard: { events: 20_000, labels: 100 } })).toMatchObject({ isDue: true })
  })

  it('finds an old model due where anything was heard since, and not where nothing was', () => {
    const old = { last: training({ endedAt: NOW - 8 * DAY_MS }), championSince: NOW - 8 * DAY_MS }
    expect(decided({ ...old, heard: { events: 20_001, labels: 0 } })).toMatchObject({ isDue: true })
    expect(decided(old)).toMatchObject({ isDue: false })
    expect(decided(old).why).toContain('nothing was heard since')
  })

  it('keeps a floor between two, whatever became of the last one', () => {
    const heard = { events: 90_000, labels: 0 }
    const last = training({ state: 'failed', endedAt: NOW - FLOOR_MS + 1 })
    expect(decided({ heard, last })).toMatchObject({ isDue: false })
    expect(decided({ heard, last: training({ endedAt: NOW - FLOOR_MS }) })).toMatchObject({ isDue: true })
    expect(decided({ heard, championSince: NOW - 1 })).toMatchObject({ isDue: false })
  })

  it('asks again after one that failed, which has learned nothing, though nothing is new since it began', () => {
    const heard = { events: 22_000, labels: 0 }
    const failed = training({ state: 'failed', events: 22_000 })
    expect(decided({ heard, last: failed, learned: training() })).toMatchObject({ isDue: true })
    const old = training({ endedAt: NOW - 8 * DAY_MS })
    const facts = { heard: { events: 20_001, labels: 0 }, championSince: NOW - 8 * DAY_MS }
    expect(decided({ ...facts, last: failed, learned: old })).toMatchObject({ isDue: true })
  })

  it('asks for none while one is open, or where it is switched off', () => {
    const heard = { events: 90_000, labels: 0 }
    expect(decided({ heard, open: training({ state: 'queued' }) })).toEqual({
      isDue: false,
      why: 'training 7 is queued',
    })
    expect(decided({ heard }, false)).toMatchObject({ isDue: false })
    expect(decided({ heard }, false).why).toContain('switched off')
  })
})
