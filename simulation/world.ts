// What a simulated world may hold beside users who behave: each feature can be switched on by itself, and
// where it is off nothing of the others changes.

export interface World {
  /** An attribute changes because of what is predicted, as the domain's `following` says. */
  readonly followingAttribute: boolean
  /** An attribute changes by itself, as the domain's `drifting` says, and behaviour with it. */
  readonly driftingAttribute: boolean
  /** user-000001 came first; else ids say nothing of when somebody came. */
  readonly idsByArrival: boolean
  /** Beside those of the first week, users come evenly until the end; else none in the last part. */
  readonly newcomersAllAlong: boolean
  /** From a moment on, after 60 % of the time unless told, everybody comes less often and does less of what the project is after. */
  readonly behaviourDrift: boolean
  /** New items appear all along and old ones go out of the catalogue. */
  readonly itemTurnover: boolean
  /** One user more, a machine with tens of thousands of events. */
  readonly bot: boolean
  /** What the project is after is taken by the basket: many lines, one moment. */
  readonly baskets: boolean
  /** Some events claim to lie minutes ahead of when they were received. */
  readonly clocksAhead: boolean
  /** Some visits are received hours or days after they happened, all at once. */
  readonly lateArrival: boolean
}

/** A world with nothing in it but its users. */
export const plainWorld: World = {
  followingAttribute: false,
  driftingAttribute: false,
  idsByArrival: false,
  newcomersAllAlong: false,
  behaviourDrift: false,
  itemTurnover: false,
  bot: false,
  baskets: false,
  clocksAhead: false,
  lateArrival: false,
}
