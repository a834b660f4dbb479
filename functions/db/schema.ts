// The tables of one project's database. Times are Unix milliseconds; JSON is kept as text.
// The command line writes some of them by SQL (import, publish, key create), so names are a contract.
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Attributes } from '../../features/attributes.ts'
import { ROLES } from '../../features/roles.ts'
import type { RoleAction } from '../../features/roles.ts'

/** `kept`: the bundle that answers stays. `refused`: what there was to learn from was not fit for it. */
export const TRAINING_STATES = ['queued', 'claimed', 'published', 'kept', 'refused', 'failed'] as const

/**
 * Events as acknowledged. The primary key makes a user's history one range read, in order; the
 * migration adds WITHOUT ROWID, which Drizzle cannot say, so that the range lies in one place.
 */
export const events = sqliteTable(
  'events',
  {
    userId: text('user_id').notNull(),
    occurredAt: integer('occurred_at').notNull(),
    /** Unique in the project: the same id again is the same event. */
    id: text('id').notNull().unique(),
    type: text('type').notNull(),
    itemId: text('item_id'),
    value: real('value'),
    properties: text('properties', { mode: 'json' }).$type<Attributes>(),
    receivedAt: integer('received_at').notNull(),
    /** Place in the file or request that the event came in: orders events of one moment. */
    place: integer('place').notNull().default(0),
    storedAt: storedAt(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.occurredAt, table.id] })],
)

/**
 * What was known of users, and from when on: a version is whole, and the latest at or before a moment
 * holds then; of those of one moment the one stored last, which corrects the others. 0 stands for "since
 * ever". WITHOUT ROWID, so that the versions of one id lie in one place.
 */
export const users = sqliteTable('users', versionColumns(), (table) => [
  primaryKey({ columns: [table.id, table.knownAt, table.storedAt] }),
])

/** What was known of items, and from when on; as for users. */
export const items = sqliteTable('items', versionColumns(), (table) => [
  primaryKey({ columns: [table.id, table.knownAt, table.storedAt] }),
])

/**
 * What came true of label tasks, by whom and which moment they ask about; of those of one question the one
 * stored last holds, and corrects the others. WITHOUT ROWID, as the versions.
 */
export const labels = sqliteTable(
  'labels',
  {
    userId: text('user_id').notNull(),
    task: text('task').notNull(),
    /** The moment asked about; 0 where a table gives none. */
    at: integer('at').notNull(),
    value: text('value').notNull(),
    /** Since when the value is known. */
    knownAt: integer('known_at').notNull(),
    storedAt: storedAt(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.task, table.at, table.storedAt] })],
)

/** How many rows of a kind were ever stored: tells how much is new without counting them. */
export const heard = sqliteTable('heard', {
  kind: text('kind', { enum: ['events', 'labels'] }).primaryKey(),
  count: integer('count').notNull(),
})

/**
 * Trainings that were asked for, and what became of each. At most one is open, that is queued or claimed. Who
 * claims one holds it by a lease, which a heartbeat renews; whoever finds the lease run out may claim it.
 */
export const trainings = sqliteTable(
  'trainings',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    state: text('state', { enum: TRAINING_STATES }).notNull(),
    /** Why it was queued. */
    why: text('why').notNull(),
    queuedAt: integer('queued_at').notNull(),
    /** When somebody was last told that there is work; absent where nobody was. */
    wokenAt: integer('woken_at'),
    /** How often it was claimed. */
    claims: integer('claims').notNull().default(0),
    claimedBy: text('claimed_by'),
    claimedAt: integer('claimed_at'),
    /** Known to who claimed it alone. */
    lease: text('lease'),
    /** From this moment on others may claim it. */
    leaseUntil: integer('lease_until'),
    /** What the trainer does. */
    step: text('step'),
    /** How much was ever heard when it was claimed. */
    events: integer('events'),
    labels: integer('labels'),
    /** How many rows it learned from: events, or labelled rows of a table. */
    rows: integer('rows'),
    bundleId: text('bundle_id'),
    endedAt: integer('ended_at'),
    /** What came of it, in words. */
    verdict: text('verdict'),
  },
  (table) => [
    uniqueIndex('trainings_one_open')
      .on(sql`1`)
      .where(sql`${table.state} in ('queued', 'claimed')`),
  ],
)

/**
 * When the row was written, by the clock of whoever wrote it: what was stored by a moment is what could be
 * read then. 0 for rows from before this was noted.
 */
function storedAt() {
  return integer('stored_at').notNull().default(0)
}

function versionColumns() {
  return {
    id: text('id').notNull(),
    knownAt: integer('known_at').notNull(),
    attributes: text('attributes', { mode: 'json' }).$type<Attributes>().notNull(),
    storedAt: storedAt(),
  }
}

/** What encoders of the Worker's make of texts, by the hash of each: a text is encoded once. */
export const encodings = sqliteTable(
  'encodings',
  {
    model: text('model').notNull(),
    /** SHA-256 of the text. */
    hash: text('hash').notNull(),
    /** While it waits, or was given up. */
    text: text('text'),
    /** Packed, once it was made. */
    vector: text('vector'),
    tries: integer('tries').notNull().default(0),
    /** When it is tried next; null where it was encoded or given up. */
    dueAt: integer('due_at'),
    /** Why the last try failed. */
    fault: text('fault'),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.hash] }),
    index('encodings_waiting')
      .on(table.dueAt)
      .where(sql`text is not null`),
  ],
)

/** Versions that lack the vector of a text, until it is made. */
export const wantedVectors = sqliteTable(
  'wanted_vectors',
  {
    kind: text('kind', { enum: ['user', 'item'] }).notNull(),
    id: text('id').notNull(),
    knownAt: integer('known_at').notNull(),
    name: text('name').notNull(),
    textName: text('text_name').notNull(),
    model: text('model').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.id, table.knownAt, table.name] })],
)

/** Bundles that were published; their files lie in R2 under bundles/<id>/. */
export const bundles = sqliteTable('bundles', {
  /** The hash of its manifest (features/hash.ts, bundleId). */
  id: text('id').primaryKey(),
  project: text('project').notNull(),
  family: text('family').notNull(),
  /** The text of card.json: data, split, metrics, versions, seed. */
  card: text('card').notNull(),
  createdAt: integer('created_at').notNull(),
})

/**
 * Which bundle played which role, and when: rows are added and closed, never changed or deleted. Of the
 * open rows of a role the one with the highest id counts.
 */
export const deployments = sqliteTable('deployments', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  role: text('role', { enum: ROLES }).notNull(),
  bundleId: text('bundle_id')
    .notNull()
    .references(() => bundles.id),
  /** The share of users that it answers, above 0 and at most 1. */
  share: real('share').notNull().default(1),
  fromAt: integer('from_at').notNull(),
  /** Absent while it plays the role. */
  untilAt: integer('until_at'),
  /** Who or what deployed it. */
  by: text('by').notNull().default(''),
  note: text('note').notNull().default(''),
  /** Of a rollback: the deployment that it brings back. */
  restores: integer('restores'),
  /** Of a challenger whose share grows by itself: how long a step lasts, milliseconds. */
  stepMs: integer('step_ms'),
})

/** Every change of roles, with who made it and why; features/roles-sql.ts writes it. */
export const audit = sqliteTable('audit', {
  /** Given by the writer: one more than the latest that it has seen, so that of two at once one fails. */
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  action: text('action').$type<RoleAction>().notNull(),
  bundleId: text('bundle_id').notNull(),
  /** What the bundle that begins to play a role answers; absent where a trial ends. */
  share: real('share'),
  by: text('by').notNull(),
  note: text('note').notNull(),
})

/** Answers as they were given, many a row: features/prediction-pack.ts packs them. */
export const predictions = sqliteTable('predictions', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  bundleId: text('bundle_id').notNull(),
  role: text('role', { enum: ROLES }).notNull(),
  /** The moments of the first and the last answer. */
  fromAt: integer('from_at').notNull(),
  untilAt: integer('until_at').notNull(),
  count: integer('count').notNull(),
  pack: text('pack').notNull(),
  storedAt: storedAt(),
})

/** All that was asked of a bundle in a role by day, logged or not. Days are UTC's, counted from 1970. */
export const traffic = sqliteTable(
  'traffic',
  {
    bundleId: text('bundle_id').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    day: integer('day').notNull(),
    requests: integer('requests').notNull(),
    failures: integer('failures').notNull(),
    /** Sums of milliseconds and of their squares. */
    latencyMs: real('latency_ms').notNull(),
    latencyMsSquared: real('latency_ms_squared').notNull(),
    /** How many answers are in packs. */
    logged: integer('logged').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bundleId, table.role, table.day] })],
)

/**
 * What came of the answers of a pack, by task, written in the order of packs: the latest tells how far it is.
 * The key lets no pack count twice.
 */
export const outcomes = sqliteTable(
  'outcomes',
  {
    task: text('task').notNull(),
    predictionId: integer('prediction_id').notNull(),
    /** JSON list, one a row of the pack: the index of the class or the amount; null where it is not known. */
    targets: text('targets').notNull(),
    storedAt: storedAt(),
  },
  (table) => [primaryKey({ columns: [table.task, table.predictionId] })],
)

/** How well a bundle in a role answered a task on a day, as far as it is known: features/live-figures.ts. */
export const live = sqliteTable(
  'live',
  {
    bundleId: text('bundle_id').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    task: text('task').notNull(),
    day: integer('day').notNull(),
    figures: text('figures').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bundleId, table.role, table.task, table.day] })],
)

/** Packs of which answers were made again from what is stored, in order; the latest tells how far it is. */
export const skewChecks = sqliteTable('skew_checks', {
  predictionId: integer('prediction_id').primaryKey(),
  at: integer('at').notNull(),
  checked: integer('checked').notNull(),
  differing: integer('differing').notNull(),
  differenceMax: real('difference_max').notNull(),
})

/** What somebody ought to look at. */
export const alarms = sqliteTable('alarms', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  kind: text('kind').notNull(),
  at: integer('at').notNull(),
  detail: text('detail').notNull(),
  /** Absent while it rings. */
  untilAt: integer('until_at'),
  /** When the webhook was told that it rings, and that it ended; absent until it has taken it. */
  toldAt: integer('told_at'),
  endToldAt: integer('end_told_at'),
})

/** Looks at whether what comes is still what a bundle learned from: features/statistics/drift.ts finds it. */
export const driftLooks = sqliteTable(
  'drift_looks',
  {
    bundleId: text('bundle_id').notNull(),
    at: integer('at').notNull(),
    /** JSON: how many users each part was seen by, and each thing that was looked at. */
    report: text('report').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bundleId, table.at] })],
)

/** Events that were refused while others of the same request were accepted, with the reasons. */
export const quarantine = sqliteTable(
  'quarantine',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    requestId: text('request_id').notNull(),
    /** Place in the request's list of events. */
    position: integer('position').notNull(),
    /** The event as it was sent, as JSON, cut where it is very long. */
    event: text('event').notNull(),
    /** JSON: [{ code, path, message }]. */
    reasons: text('reasons').notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  (table) => [index('quarantine_received_at').on(table.receivedAt)],
)

/** Keys of callers. A key is 'psg_' and at least 128 random bits; only its hash is here. */
export const apiKeys = sqliteTable('api_keys', {
  /** A short public name of the key, to list and to revoke it by. */
  id: text('id').primaryKey(),
  /** SHA-256 of the whole key, 'psg_' included, in lower-case hexadecimal. */
  hash: text('hash').notNull().unique(),
  /** JSON list of 'ingest', 'predict' and 'admin'; admin stands for all. */
  scopes: text('scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull(),
  createdAt: integer('created_at').notNull(),
  /** From this moment the key is refused. */
  revokedAt: integer('revoked_at'),
  /** What its maker calls it. */
  name: text('name').notNull().default(''),
  /** From this moment the key is refused; absent where it does not expire. */
  expiresAt: integer('expires_at'),
})

/** What a key may do. */
export type Scope = 'ingest' | 'predict' | 'admin'
