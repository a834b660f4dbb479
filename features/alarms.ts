// What may ring in a service as an alarm. docs/operations.md says what to do for each.

/** By kind, what rings. One more is a line here and its paragraph in docs/operations.md. */
export const ALARMS = {
  skew: 'answers do not come out again from what is stored',
  drift: 'what comes is no longer what the champion learned from',
  live: 'the champion answers worse than its card says, by more than chance',
  rollback: 'a challenger was taken back',
  data_shrank: 'a training was refused: less than half of the data was there',
  training: 'a training failed, or no trainer takes it up',
  encoding: 'texts cannot be encoded',
  webhook: 'alarms cannot be told',
} as const

export type AlarmKind = keyof typeof ALARMS
