// Starts .github/workflows/train.yml. It has no schedule of its own: GitHub switches off workflows that have
// one where nothing happens in a repository for 60 days.
// https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
import { fail } from '../../../features/result.ts'
import { post } from '../post.ts'
import type { Wake } from './wake.ts'

const WORKFLOW = 'train.yml'

export const github: Wake = async ({ project, variables }) => {
  const { GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token, GITHUB_REF: ref = 'main' } = variables
  if (repository === undefined || token === undefined)
    return fail('TRAINING_WAKE is github, but GITHUB_REPOSITORY or the secret GITHUB_TOKEN is not set')
  const { GITHUB_API: api = 'https://api.github.com' } = variables
  return post({
    url: `${api}/repos/${repository}/actions/workflows/${WORKFLOW}/dispatches`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    text: JSON.stringify({ ref, inputs: { project } }),
  })
}
