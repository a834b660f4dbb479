// How a bundle can fail, and how each is said in one line.

/** R2 did not give the bundle's files, or not in time: asking again may help. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}

/** Why a bundle can answer nothing at all, not even its prior: it is not known what it answers. */
export type BundleFault =
  | { readonly code: 'manifest_missing' }
  | { readonly code: 'manifest_not_intact' }
  | { readonly code: 'manifest_unreadable'; readonly detail: string }
  | { readonly code: 'other_project'; readonly project: string }
  | { readonly code: 'every_task_changed' }

/** Why a bundle's model is not asked; its manifest is sound, so its prior can answer. */
export type ModelFault =
  | { readonly code: 'file_missing'; readonly file: string }
  | { readonly code: 'file_not_intact'; readonly file: string }
  | { readonly code: 'control_flow'; readonly operator: string }
  | { readonly code: 'model_unreadable' }
  | { readonly code: 'other_inputs' }
  | { readonly code: 'other_outputs' }
  | { readonly code: 'golden_unreadable'; readonly detail: string }
  | { readonly code: 'golden_differs'; readonly row: number; readonly task: string }

/** A fault in one line. */
export function describeFault(fault: BundleFault | ModelFault): string {
  switch (fault.code) {
    case 'manifest_missing':
      return 'it has no manifest.json'
    case 'manifest_not_intact':
      return 'its manifest.json is not the one it is named for (not_intact)'
    case 'manifest_unreadable':
      return fault.detail
    case 'other_project':
      return `it was trained for the project '${fault.project}'`
    case 'every_task_changed':
      return 'the project asks none of the questions that it answers'
    case 'file_missing':
      return `${fault.file} is missing`
    case 'file_not_intact':
      return `${fault.file} is not the file that the manifest names (not_intact)`
    case 'control_flow':
      return `its model holds the operator ${fault.operator}, which may not end`
    case 'model_unreadable':
      return 'its model cannot be opened'
    case 'other_inputs':
      return 'its model takes other inputs than the manifest says'
    case 'other_outputs':
      return 'its model gives other outputs than the manifest says'
    case 'golden_unreadable':
      return fault.detail
    case 'golden_differs':
      return `golden row ${fault.row} comes out otherwise for the task '${fault.task}'`
  }
}
