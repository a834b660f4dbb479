// Tells nobody: a machine that asks by itself (presage trainer) takes up what is queued.
import { succeed } from '../../../features/result.ts'
import type { Wake } from './wake.ts'

export const none: Wake = () =>
  Promise.resolve(succeed('nobody was told: a trainer that asks by itself takes it up'))
