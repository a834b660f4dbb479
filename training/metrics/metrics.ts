// What a report gives, whatever it is about.

/** Metrics by name; null where the examples do not define one, as AUC of a single class. */
export type Metrics = Readonly<Record<string, unknown>>
