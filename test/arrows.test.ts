// The arrows between folders, as oxlint.config.ts holds them: files with one import each, linted as if they
// lay in the repository.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What files of a folder may not import. Names with a slash are paths of the repository. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  features: ['projects/shop.ts', 'training/train.ts', 'functions/app.ts', 'node:fs', 'hono', 'zod'],
  'features/heads': ['projects/shop.ts', 'training/train.ts', 'zod'],
  projects: ['training/train.ts', 'functions/app.ts', 'simulation/index.ts', 'zod', 'node:fs'],
  functions: [
    'training/train.ts',
    'cli/storage/paths.ts',
    'simulation/index.ts',
    'bench/median.ts',
    'drizzle-orm',
  ],
  'functions/routes': ['functions/app.ts', 'functions/index.ts', 'drizzle-orm/d1', 'onnxruntime-web/wasm'],
  'functions/middleware': ['functions/app.ts', 'functions/routes/predict.ts', 'training/train.ts'],
  'functions/db': [
    'functions/routes/predict.ts',
    'functions/middleware/problem.ts',
    'functions/inference/predict.ts',
    'hono',
    '@hono/zod-openapi',
    'training/train.ts',
  ],
  'functions/inference': [
    'functions/routes/predict.ts',
    'functions/db/events.ts',
    'functions/index.ts',
    'hono/html',
    'drizzle-orm',
    'onnxruntime-web',
  ],
  'functions/questions': ['functions/routes/predict.ts', 'functions/middleware/problem.ts', 'hono'],
  'functions/intake': ['functions/routes/events.ts', 'functions/middleware/problem.ts', '@hono/zod-openapi'],
  training: [
    'functions/app.ts',
    'cli/storage/paths.ts',
    'simulation/index.ts',
    '@tensorflow/tfjs',
    'drizzle-orm',
  ],
  'training/data': ['training/rehearse.ts', 'training/train.ts', '@tensorflow/tfjs', 'functions/app.ts'],
  'training/examples': ['training/evaluate.ts', '@tensorflow/tfjs-core'],
  'training/metrics': ['training/evaluate.ts', '@tensorflow/tfjs'],
  'training/onnx': ['training/bundle.ts', '@tensorflow/tfjs', 'onnxruntime-web'],
  'training/models': ['training/rehearse.ts', 'functions/app.ts'],
  'training/graph': ['training/rehearse.ts', 'training/models/pooled.ts', 'training/data/data-set.ts'],
  'training/tf/wasm': ['training/rehearse.ts', 'training/onnx/export.ts', 'training/metrics/report.ts'],
  simulation: ['functions/app.ts', 'training/train.ts', 'cli/storage/paths.ts', '@tensorflow/tfjs'],
  cli: ['functions/app.ts', 'functions/db/schema.ts', 'bench/median.ts', 'drizzle-orm', '@tensorflow/tfjs'],
}

/** What they may import, so that the above is not refused because all is. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  features: ['features/hash.ts', 'features/heads/head.ts'],
  'features/heads': ['features/heads/head.ts', 'features/project.ts'],
  'features/statistics': ['features/statistics/normal.ts', 'features/random.ts'],
  projects: ['features/project.ts'],
  functions: ['features/hash.ts', 'projects/shop.ts'],
  'functions/routes': ['functions/db/events.ts', 'functions/inference/predict.ts', 'features/hash.ts'],
  'functions/questions': ['functions/db/stored-user.ts', 'functions/inference/answerer.ts'],
  'functions/db': ['drizzle-orm', 'features/event.ts'],
  training: ['features/hash.ts', 'projects/shop.ts', 'training/rehearse.ts', 'onnxruntime-node'],
  'training/tf': ['@tensorflow/tfjs'],
  'training/graph': ['@tensorflow/tfjs'],
  'training/models': ['@tensorflow/tfjs', 'training/graph/ops.ts'],
  simulation: ['features/random.ts', 'projects/shop.ts'],
  cli: ['training/train.ts', 'simulation/index.ts', 'features/hash.ts', 'projects/shop.ts'],
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[]
}

let folder: string
let refused: ReadonlySet<string>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-arrows-'))
  copyFileSync(join(root, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'))
  for (const imports of [FORBIDDEN, ALLOWED]) {
    for (const [from, names] of Object.entries(imports)) {
      for (const to of names) writeProbe(from, to)
    }
  }
  refused = new Set(
    lint()
      .diagnostics.filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename }) => filename),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function probePath(from: string, to: string): string {
  return `${from}/imports-${to.replaceAll(/[^a-z]+/g, '-')}.ts`
}

function writeProbe(from: string, to: string): void {
  const path = join(folder, probePath(from, to))
  const specifier = to.endsWith('.ts') ? relativeSpecifier(from, to) : to
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `import * as other from '${specifier}'\nexport { other }\n`)
}

function relativeSpecifier(from: string, to: string): string {
  const path = relative(from, to)
  return path.startsWith('.') ? path : `./${path}`
}

/** oxlint ends with an error where it finds one, and says what on stdout either way. */
function lint(): Report {
  const args = [join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'json', '.']
  try {
    return parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }))
  } catch (error) {
    return parse((error as { readonly stdout: string }).stdout)
  }
}

function parse(text: string): Report {
  return JSON.parse(text) as Report
}

function pairs(imports: Readonly<Record<string, readonly string[]>>): (readonly [string, string])[] {
  return Object.entries(imports).flatMap(([from, names]) => names.map((to) => [from, to] as const))
}

describe('lint', () => {
  it.each(pairs(FORBIDDEN))('keeps %s from importing %s', (from, to) => {
    expect(refused).toContain(probePath(from, to))
  })

  it.each(pairs(ALLOWED))('lets %s import %s', (from, to) => {
    expect(refused).not.toContain(probePath(from, to))
  })
})
