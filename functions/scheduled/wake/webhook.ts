// Posts to a URL of the user's that there is work.
import { fail } from '../../../features/result.ts'
import { post } from '../post.ts'
import type { Wake } from './wake.ts'

export const webhook: Wake = async ({ project, trainingId, why, variables }) => {
  const { WEBHOOK_URL: url, WEBHOOK_TOKEN: token } = variables
  if (url === undefined) return fail('TRAINING_WAKE is webhook, but WEBHOOK_URL is not set')
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const text = JSON.stringify({ kind: 'training_queued', project, trainingId, why })
  return post({ url, headers, text })
}
