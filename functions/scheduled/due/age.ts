// A model that is old, where anything was heard since it was made.
import { DAY_MS } from '../../../features/project.ts'
import { heardThen } from './rule.ts'
import type { DueRule } from './rule.ts'

export function age({ daysMax }: { readonly daysMax: number }): DueRule {
  return ({ facts, nowMs }) => {
    const sinceMs = Math.max(facts.learned?.endedAt ?? 0, facts.championSince ?? 0)
    if (sinceMs === 0) return { isDue: false, why: 'nothing was trained yet that could be old' }
    const days = (nowMs - sinceMs) / DAY_MS
    const isNews = (['events', 'labels'] as const).some((kind) => facts.heard[kind] > heardThen(facts, kind))
    const words = `trained ${days.toFixed(1)} of ${daysMax} days ago`
    return { isDue: days >= daysMax && isNews, why: isNews ? words : `${words}, and nothing was heard since` }
  }
}
