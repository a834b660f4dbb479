// Lint: what is refused everywhere, and the arrows between folders. A file falls under the last of the
// walls below that names it; oxlint replaces, and does not add up, the rules of several overrides.

interface Wall {
  /** Patterns of imports, as of .gitignore; '!' takes out again. */
  readonly group: readonly string[]
  readonly message: string
}

/** Whatever lies in one of these folders of the repository. */
function folders(...names: readonly string[]): string[] {
  return names.map((name) => `**/${name}/**`)
}

const drizzle: Wall = {
  group: ['drizzle-orm', 'drizzle-orm/*'],
  message: 'Only functions/db talks to Drizzle.',
}
const onnxForWeb: Wall = {
  group: ['onnxruntime-web', 'onnxruntime-web/*'],
  message: 'Only functions/inference/runtime.ts imports ONNX Runtime for the web.',
}
const tensorflow: Wall = {
  group: ['@tensorflow/*'],
  message: 'Only training/{tf,graph,models,fit} import TensorFlow.js.',
}
const packages = [drizzle, onnxForWeb, tensorflow]

const aroundFunctions: Wall = {
  group: folders('training', 'simulation', 'cli', 'bench', 'test'),
  message: 'functions imports features and projects alone.',
}
const aboveRoutes: Wall = {
  group: ['../app.ts', '../index.ts'],
  message: 'index imports app, app imports routes: never the other way.',
}
const http: Wall = {
  group: [
    'hono',
    'hono/*',
    '@hono/*',
    ...folders('routes', 'middleware'),
    '**/app.ts',
    '**/app-env.ts',
    '../index.ts',
  ],
  message: 'What routes call knows nothing of HTTP.',
}
const models: Wall = { group: folders('inference'), message: 'db knows nothing of models.' }
const d1: Wall = { group: folders('db'), message: 'inference knows nothing of D1.' }

const aroundTraining: Wall = {
  group: folders('functions', 'simulation', 'cli', 'bench', 'test'),
  message: 'training imports features and projects alone.',
}
const steps: Wall = {
  group: ['evaluate', 'bundle', 'train', 'rehearse', 'final-fit', 'folds'].map((name) => `**/${name}.ts`),
  message: 'The steps of training import its parts, never the other way.',
}
const upperParts: Wall = {
  group: folders('data', 'moments', 'learn', 'examples', 'models', 'metrics', 'onnx'),
  message: 'graph, tf, trees and linear lie below the other parts of training.',
}

/** Which files stand before which walls. */
const arrows: readonly (readonly [files: string, walls: readonly Wall[]])[] = [
  [
    'features/*.ts',
    [
      {
        group: ['*', '!./*', '!./heads', '!./heads/*'],
        message: 'features imports nothing of ours, and no package but zod where the manifest is parsed.',
      },
    ],
  ],
  [
    'features/{heads,statistics}/**',
    [{ group: ['*', '!./*', '!../*.ts'], message: 'features imports nothing of ours, and no package.' }],
  ],
  [
    'features/manifest-schema.ts',
    [
      {
        group: ['*', '!zod', '!./*', '!./heads', '!./heads/*'],
        message: 'features imports nothing of ours, and no package but zod.',
      },
    ],
  ],
  [
    'projects/**',
    [
      {
        group: ['*', '!./*', '!../features', '!../features/*'],
        message: 'projects imports features alone.',
      },
    ],
  ],
  ['functions/**', [aroundFunctions, ...packages]],
  [
    'functions/{index,app}.ts',
    [
      aroundFunctions,
      ...packages,
      {
        group: folders('db', 'inference'),
        message: 'Routes reach db and inference; index and app do not.',
      },
    ],
  ],
  ['functions/routes/**', [aroundFunctions, ...packages, aboveRoutes]],
  [
    'functions/middleware/**',
    [
      aroundFunctions,
      ...packages,
      aboveRoutes,
      { group: folders('routes'), message: 'Routes import middleware, never the other way.' },
    ],
  ],
  ['functions/db/**', [aroundFunctions, onnxForWeb, tensorflow, http, models]],
  ['functions/{questions,intake,scheduled}/**', [aroundFunctions, ...packages, http]],
  ['functions/inference/**', [aroundFunctions, ...packages, http, d1]],
  ['functions/inference/runtime.ts', [aroundFunctions, drizzle, tensorflow, http, d1]],
  ['training/**', [aroundTraining, ...packages]],
  ['training/{data,moments,learn,examples,heads,metrics,onnx}/**', [aroundTraining, ...packages, steps]],
  ['training/{models,fit}/**', [aroundTraining, drizzle, onnxForWeb, steps]],
  ['training/{trees,linear}/**', [aroundTraining, ...packages, steps, upperParts]],
  ['training/{graph,tf}/**', [aroundTraining, drizzle, onnxForWeb, steps, upperParts]],
  [
    'simulation/**',
    [
      {
        group: folders('functions', 'training', 'cli', 'bench', 'test'),
        message: 'simulation imports features and projects alone.',
      },
      ...packages,
    ],
  ],
  [
    'cli/**',
    [
      { group: folders('functions', 'bench', 'test'), message: 'cli reaches functions as a client does.' },
      ...packages,
    ],
  ],
]

const noRandomness = 'features has no randomness: pass random in.'

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['migrations/**', 'functions/env.d.ts', 'training/tf/wasm/assembly/**'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'typescript/no-generated-empty-object-type': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-unassigned-import': 'off',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  },
  overrides: [
    {
      files: ['*.config.ts', 'functions/index.ts', 'test/closing-line.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['features/**'],
      rules: {
        'no-restricted-globals': [
          'error',
          { name: 'Date', message: 'features has no clock: pass nowMs in.' },
        ],
        'no-restricted-properties': [
          'error',
          { object: 'crypto', property: 'randomUUID', message: noRandomness },
          { object: 'crypto', property: 'getRandomValues', message: noRandomness },
          { object: 'Math', property: 'random', message: noRandomness },
        ],
      },
    },
    {
      // Loops over typed arrays, whose places are in range by how they are made: a check each costs time.
      files: ['training/{trees,linear}/**'],
      rules: { 'typescript/no-non-null-assertion': 'off' },
    },
    ...arrows.map(([files, patterns]) => ({
      files: [files],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    })),
  ],
}
