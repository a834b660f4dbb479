import { afterAll, describe, expect, it } from 'vitest'
import { defineProject } from '../../../features/project.ts'
import { describeReport } from '../../../training/data/report/report.ts'
import { createDataFolder, ISO, labelledShop as project, NOW_MS, shop } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const EVENTS = 'id,type,userId,occurredAt\ne1,search,u1,1700000001000\ne2,search,u2,1700000002000\n'
const HEADER = 'userId,at,churned,rating'
let count = 0

function shopAsked(rows: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  count += 1
  const questions = [HEADER, ...rows].join('\n')
  return folder.writeAll(`asked-${count}`, { 'events.csv': EVENTS, 'questions.csv': questions, ...files })
}

describe('a file of questions', () => {
  it('gives each user the moments that it asks about, with the labels that are known', async () => {
    const path = shopAsked([
      'u2,2023-11-14T22:13:29Z,yes,',
      'u1,1700000007000,no,bad',
      'u2,1700000003000,,good',
    ])
    const data = await folder.read(path, { project })
    expect(data.users.map(({ userId, events, questions }) => [userId, events.length, questions])).toEqual([
      ['u1', 1, [{ atMs: 1700000007000, place: 1, labels: { churned: 'no', rating: 'bad' } }]],
      [
        'u2',
        1,
        [
          { atMs: 1700000009000, place: 0, labels: { churned: 'yes' } },
          { atMs: 1700000003000, place: 2, labels: { rating: 'good' } },
        ],
      ],
    ])
    expect(data).toMatchObject({
      questionCount: 3,
      span: { startMs: 1700000001000, endMs: 1700000009000 },
      notes: [],
    })
  })

  it('may ask about users without a history, and says of how many and whom', async () => {
    const rows = [
      'u9,1700000005000,yes,',
      'u1,1700000005000,no,',
      'u8,1700000005000,no,',
      'u9,1700000006000,no,',
    ]
    const path = shopAsked(rows, { 'users.csv': 'id,plan\nu8,gold' })
    const data = await folder.read(path, { project })
    expect(data.notes).toEqual([
      "users.csv: knows 0 of the 2 users of events.csv, as 'u1' in events.csv and 'u8' in users.csv",
      "questions.csv: 3 of 4 questions ask about users without an event, as of 'u9', 'u8'",
    ])
    expect(
      data.users.map(({ userId, questions, versions }) => [userId, questions.length, versions.length]),
    ).toEqual([
      ['u1', 1, 0],
      ['u2', 0, 0],
      ['u8', 1, 1],
      ['u9', 2, 0],
    ])
    expect(data.userCount).toBe(4)
  })

  it('may ask about a moment before the first event of a user, and says so', async () => {
    const data = await folder.read(shopAsked(['u1,1700000000999,yes,', 'u2,1700000002000,yes,']), { project })
    expect(data.notes).toEqual([
      "questions.csv: 1 of 2 questions lie before the first event of their user, as of 'u1'",
    ])
    expect(data.span).toEqual({ startMs: 1700000000999, endMs: 1700000002000 })
  })

  it('names the line of a question without a user, a moment or a label that is one, and skips them where asked', async () => {
    const rows = [
      ',1700000005000,yes,',
      'u1,,yes,',
      `u1,${NOW_MS + 300_001},yes,`,
      'u1,1700000005000,perhaps,good',
      'u1,1700000005000,,',
      'u1,1700000005000,yes,good',
    ]
    const path = shopAsked(rows)
    expect((await folder.faultOf(path, { project })).split('\n').slice(1)).toEqual([
      '  line 2: userId: expected an id, found nothing',
      `  line 3: at: expected ${ISO}, found nothing`,
      `  line 4: at: expected a time that is not in the future, found '${NOW_MS + 300_001}'`,
      "  line 5: churned: expected one of yes, no, found 'perhaps'",
    ])
    const data = await folder.read(path, { project, skipBadRows: true })
    expect(data).toMatchObject({ questionCount: 1, skippedCount: 4 })
    expect(data.users[0]?.questions.map(({ place }) => place)).toEqual([5])
  })

  it('counts a question whose labels are not known yet, and learns nothing from it', async () => {
    const data = await folder.read(
      shopAsked(['u1,1700000005000,yes,', 'u2,1700000005000,,', 'u9,1700000005000,?,NaN']),
      {
        project,
      },
    )
    expect(data.questionCount).toBe(1)
    expect(data.users.flatMap(({ questions }) => questions)).toHaveLength(1)
    const questions = data.report.files.find(({ role }) => role === 'questions')
    expect(questions).toMatchObject({ rows: 3, stored: 1, unlabelled: 2, repeated: 0, skipped: [] })
    expect(describeReport(data.report)).toContain('questions.csv: 3 rows, 1 questions, 2 unlabelled')
  })

  it('counts the same question once, and refuses two answers to one', async () => {
    const twice = await folder.read(
      shopAsked(['u1,1700000005000,yes,', 'u1,1700000005000,yes,', 'u1,1700000005000,,bad']),
      { project },
    )
    expect(twice.users[0]?.questions).toEqual([
      { atMs: 1700000005000, place: 0, labels: { churned: 'yes' } },
      { atMs: 1700000005000, place: 2, labels: { rating: 'bad' } },
    ])
    expect(
      await folder.faultOf(
        shopAsked(['u1,1700000005000,,bad', 'u1,1700000005000,yes,', 'u1,1700000005000,no,']),
        { project },
      ),
    ).toContain("line 4: churned of 'u1': expected what an earlier row says for the same time, found 'no'")
  })

  it('is read as the project maps it', async () => {
    const mapped = defineProject({
      ...project,
      source: {
        kind: 'events',
        events: [
          { id: 'id', type: '"type"', userId: '"userId"', occurredAt: '"occurredAt"', timeUnit: 'ms' },
        ],
        questions: {
          userId: "'u' || who",
          at: 'day::double * 86400',
          timeUnit: 's',
          labels: { churned: "case gone when '1' then 'yes' else 'no' end", rating: 'null' },
          where: "who <> '3'",
        },
      },
    })
    const path = shopAsked([], { 'questions.csv': 'who,day,gone\n1,2,1\n3,x,1\n2,3,0' })
    const { users } = await folder.read(path, { project: mapped })
    expect(users.map(({ questions }) => questions)).toEqual([
      [{ atMs: 2 * 86_400_000, place: 0, labels: { churned: 'yes' } }],
      [{ atMs: 3 * 86_400_000, place: 2, labels: { churned: 'no' } }],
    ])
  })

  it('names a column that is missing', async () => {
    const path = shopAsked([], { 'questions.csv': 'userId,at,churned\nu1,1700000005000,yes' })
    expect(await folder.faultOf(path, { project })).toContain("no column 'rating'")
  })
})

describe('a project with events', () => {
  it('says that nothing is known of its label tasks where no file of questions stands beside them', async () => {
    const path = folder.writeAll('unasked', { 'events.csv': EVENTS })
    const { notes, questionCount } = await folder.read(path, { project })
    expect(notes).toEqual(['no questions.*: nothing says what came true of churned, rating'])
    expect(questionCount).toBe(0)
  })

  it('says that it does not read a file of questions where it has no label task', async () => {
    const { notes } = await folder.read(shopAsked(['u1,1700000005000,yes,bad']), { project: shop })
    expect(notes).toEqual(['questions.csv: not read; the project has no label task'])
  })
})
