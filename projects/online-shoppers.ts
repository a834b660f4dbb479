// Visits to an online shop, one row each, labelled with whether the visitor bought (UCI 468).
import { category, defineProject, label, number } from '../features/project.ts'

export const onlineShoppers = defineProject({
  name: 'online-shoppers',
  user: {
    Administrative: number(),
    Administrative_Duration: number(),
    Informational: number(),
    Informational_Duration: number(),
    ProductRelated: number(),
    ProductRelated_Duration: number(),
    BounceRates: number(),
    ExitRates: number(),
    PageValues: number(),
    SpecialDay: number(),
    Month: category(),
    OperatingSystems: category(),
    Browser: category(),
    Region: category(),
    TrafficType: category(),
    VisitorType: category(),
    Weekend: category(),
  },
  tasks: { buys: label(['FALSE', 'TRUE']) },
  source: { kind: 'table', labels: { buys: 'Revenue' } },
})
