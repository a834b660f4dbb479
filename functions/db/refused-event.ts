// A row of the quarantine.

/** An event that was refused, as it was sent. */
export interface RefusedEvent {
  readonly position: number
  readonly eventText: string
  readonly reasonsText: string
}
