import { beforeEach, describe, expect, it } from 'vitest'
import { category, defineProject, label, occurs } from '../../../features/project.ts'
import { createService, openService } from '../service.ts'
import type { Service } from '../service.ts'

const project = defineProject({
  name: 'test-course',
  events: { visit: {} },
  user: { plan: category() },
  tasks: {
    passes: label(['no', 'yes']),
    grade: label(['1', '2', '3']),
    visits: occurs('visit', { withinDays: 7 }),
  },
})

let service: Service
beforeEach(async () => {
  await createService()
  service = openService(undefined, { project })
})

const AT = Date.UTC(2026, 2, 1)
const LABEL = { userId: 'u-1', task: 'passes', value: 'yes', at: AT }

async function send(...labels: readonly object[]) {
  return service.call('POST', '/v1/labels', { key: 'ingest', body: { labels } })
}

async function stored() {
  const sql =
    'select user_id, task, at, value, known_at, stored_at from labels order by user_id, task, stored_at'
  const { results } = await service.db.prepare(sql).all()
  return results
}

describe('POST /v1/labels', () => {
  it('stores each label once, however often it is sent, also of a user of whom nothing else is known', async () => {
    const other = { ...LABEL, userId: 'nobody yet', knownAt: '2026-03-02T00:00:00Z' }
    expect(await send(LABEL, other)).toMatchObject({ status: 200, json: { accepted: 2, duplicates: 0 } })
    expect(await send(LABEL, other)).toMatchObject({ status: 200, json: { accepted: 0, duplicates: 2 } })
    const [first, second] = await stored()
    expect(first).toMatchObject({ user_id: 'nobody yet', known_at: Date.UTC(2026, 2, 2) })
    expect(second).toMatchObject({ user_id: 'u-1', task: 'passes', at: AT, value: 'yes' })
    expect(second?.['known_at']).toBe(second?.['stored_at'])
  })

  it('keeps what a correction corrects, and counts both as heard', async () => {
    await send(LABEL)
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect((await send({ ...LABEL, value: 'no' })).json).toEqual({ accepted: 1, duplicates: 0 })
    expect((await send({ ...LABEL, value: 'no' })).json).toEqual({ accepted: 0, duplicates: 1 })
    expect((await stored()).map(({ value }) => value)).toEqual(['yes', 'no'])
    expect(await service.db.prepare("select count from heard where kind = 'labels'").first('count')).toBe(2)
  })

  it('knows a label again whose sender has a clock that goes ahead, and whose moment is not yet', async () => {
    const ahead = { ...LABEL, at: Date.now() + 60_000 }
    expect((await send(ahead)).json).toEqual({ accepted: 1, duplicates: 0 })
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect((await send(ahead)).json).toEqual({ accepted: 0, duplicates: 1 })
    expect(await stored()).toMatchObject([{ at: ahead.at, known_at: ahead.at }])
  })

  it('takes a value however it is spelt', async () => {
    await send(
      { ...LABEL, task: 'grade', value: 2 },
      { ...LABEL, userId: 'u-2', task: 'grade', value: '3.0' },
    )
    expect((await stored()).map(({ value }) => value)).toEqual(['2', '3'])
  })

  it.each<[string, object, readonly (string | number)[]]>([
    ['unknown_task', { task: 'visits' }, ['labels', 0, 'task']],
    ['unknown_task', { task: 'fails' }, ['labels', 0, 'task']],
    ['unknown_value', { value: 'perhaps' }, ['labels', 0, 'value']],
    ['wrong_type', { value: null }, ['labels', 0, 'value']],
    ['time_in_future', { at: Date.now() + 3_600_000 }, ['labels', 0, 'at']],
    ['time_in_future', { knownAt: Date.now() + 3_600_000 }, ['labels', 0, 'knownAt']],
    ['known_too_early', { knownAt: AT - 1 }, ['labels', 0, 'knownAt']],
    ['placeholder_id', { userId: 'undefined' }, ['labels', 0, 'userId']],
    ['missing', { at: undefined }, ['labels', 0, 'at']],
    ['unknown_field', { weight: 2 }, ['labels', 0, 'weight']],
  ])('refuses the whole request, with %s, where a label has %j', async (code, fault, path) => {
    const reply = await send({ ...LABEL, ...fault }, { ...LABEL, userId: 'u-2' })
    expect(reply).toMatchObject({ status: 422, json: { code, reasons: [{ code, path }] } })
    expect(reply.headers.get('content-type')).toContain('application/problem+json')
    expect(await service.count('labels')).toBe(0)
  })

  it('refuses two labels of one question in one request', async () => {
    const reply = await send(LABEL, { ...LABEL, value: 'no' })
    expect(reply).toMatchObject({ status: 422, json: { code: 'duplicate_label' } })
    expect(await service.count('labels')).toBe(0)
  })

  it('wants a key that may ingest', async () => {
    const reply = await service.call('POST', '/v1/labels', { key: 'predict', body: { labels: [LABEL] } })
    expect(reply).toMatchObject({ status: 403, json: { code: 'wrong_scope' } })
  })

  it('says of a project without label tasks that it has none', async () => {
    const reply = await openService().call('POST', '/v1/labels', { body: { labels: [LABEL] } })
    expect(reply).toMatchObject({ status: 422, json: { code: 'unknown_task' } })
    expect(reply.text).toContain('The project has no label task')
  })
})
