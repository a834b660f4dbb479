// What the columns of the public data sets are, by hand: from what their publishers say and a look at the
// files. Where two readings are as good (a rating of 1 to 5), both stand there.
import type { ColumnKind } from '../../../training/inspect/column.ts'

type Kinds = ColumnKind | readonly ColumnKind[]

/** By path in the folder of the data sets. */
export const expectedColumns: Readonly<Record<string, Readonly<Record<string, Kinds>>>> = {
  'bank-marketing/bank-additional-full.csv.gz': {
    age: 'number',
    job: 'category',
    marital: 'category',
    education: 'category',
    default: 'category',
    housing: 'category',
    loan: 'category',
    contact: 'category',
    month: 'category',
    day_of_week: 'category',
    duration: 'number',
    campaign: 'number',
    pdays: 'number',
    previous: 'number',
    poutcome: 'category',
    'emp.var.rate': 'number',
    'cons.price.idx': 'number',
    'cons.conf.idx': 'number',
    euribor3m: 'number',
    'nr.employed': 'number',
    y: 'boolean',
  },
  'iranian-churn/Customer_Churn.csv.gz': {
    'Call  Failure': 'number',
    Complains: 'boolean',
    'Subscription  Length': 'number',
    'Charge  Amount': ['number', 'category'],
    'Seconds of Use': 'number',
    'Frequency of use': 'number',
    'Frequency of SMS': 'number',
    'Distinct Called Numbers': 'number',
    'Age Group': ['number', 'category'],
    'Tariff Plan': ['category', 'boolean'],
    Status: ['category', 'boolean'],
    Age: 'number',
    'Customer Value': 'number',
    Churn: 'boolean',
  },
  'ml-latest-small/movies.csv.gz': { movieId: 'id', title: 'text', genres: 'list' },
  'ml-latest-small/ratings.csv.gz': { userId: 'id', movieId: 'id', rating: 'number', timestamp: 'time' },
  'ml-latest-small/tags.csv.gz': { userId: 'id', movieId: 'id', tag: ['text', 'category'], timestamp: 'time' },
  'online-shoppers/online_shoppers_intention.csv.gz': {
    Administrative: 'number',
    Administrative_Duration: 'number',
    Informational: 'number',
    Informational_Duration: 'number',
    ProductRelated: 'number',
    ProductRelated_Duration: 'number',
    BounceRates: 'number',
    ExitRates: 'number',
    PageValues: 'number',
    SpecialDay: 'number',
    Month: 'category',
    OperatingSystems: 'category',
    Browser: 'category',
    Region: 'category',
    TrafficType: 'category',
    VisitorType: 'category',
    Weekend: 'boolean',
    Revenue: 'boolean',
  },
  'oulad/assessments.csv.gz': {
    code_module: 'category',
    code_presentation: 'category',
    id_assessment: 'id',
    assessment_type: 'category',
    date: 'time',
    weight: 'number',
  },
  'oulad/courses.csv.gz': {
    code_module: 'category',
    code_presentation: 'category',
    module_presentation_length: 'number',
  },
  'oulad/studentAssessment.csv.gz': {
    id_assessment: 'id',
    id_student: 'id',
    date_submitted: 'time',
    is_banked: 'boolean',
    score: 'number',
  },
  'oulad/studentInfo.csv.gz': {
    code_module: 'category',
    code_presentation: 'category',
    id_student: 'id',
    gender: 'category',
    region: 'category',
    highest_education: 'category',
    imd_band: 'category',
    age_band: 'category',
    num_of_prev_attempts: 'number',
    studied_credits: 'number',
    disability: 'boolean',
    final_result: 'category',
  },
  'oulad/studentRegistration.csv.gz': {
    code_module: 'category',
    code_presentation: 'category',
    id_student: 'id',
    date_registration: 'time',
    date_unregistration: 'time',
  },
  'oulad/studentVle.first1048575.tsv.gz': {
    code_module: 'category',
    code_presentation: 'category',
    id_student: 'id',
    id_site: 'id',
    date: 'time',
    sum_click: 'number',
  },
  'oulad/vle.csv.gz': {
    id_site: 'id',
    code_module: 'category',
    code_presentation: 'category',
    activity_type: 'category',
    week_from: 'number',
    week_to: 'number',
  },
  'trivago/trivago_val_100k.parquet': {
    user_id: 'id',
    session_id: 'id',
    timestamp: 'time',
    step: 'number',
    action_type: 'category',
    reference: 'id',
    platform: 'category',
    city: 'category',
    device: 'category',
    current_filters: 'list',
    impressions: 'list',
    prices: 'list',
  },
  'wikipedia-edits/wikipedia.csv.gz': { u: 'id', i: 'id', ts: 'time', label: 'boolean' },
  'womens-clothing-reviews/minilm-128.parquet': { row: ['id', 'number'], vector: 'vector' },
  'womens-clothing-reviews/reviews.csv.gz': {
    'Clothing ID': ['id', 'category'],
    Age: 'number',
    Title: 'text',
    'Review Text': 'text',
    Rating: ['number', 'category'],
    'Recommended IND': 'boolean',
    'Positive Feedback Count': 'number',
    'Division Name': 'category',
    'Department Name': 'category',
    'Class Name': 'category',
  },
}

/** What a file or a folder is as a whole. */
export interface ExpectedShape {
  readonly kind: 'table' | 'events' | 'sequences'
  /** Columns of the user, the item, the moment; of the first file of events. */
  readonly user?: readonly string[]
  readonly item?: string
  readonly time?: string
  readonly type?: string
  readonly value?: string
  readonly label?: string
}

/** By path: the twelve data sets, and some files of folders alone. */
export const expectedShapes: Readonly<Record<string, ExpectedShape>> = {
  'amazon-beauty': { kind: 'sequences' },
  lastfm: { kind: 'sequences' },
  'bank-marketing': { kind: 'table', label: 'y' },
  'iranian-churn': { kind: 'table', label: 'Churn' },
  'online-shoppers': { kind: 'table', label: 'Revenue' },
  'womens-clothing-reviews/reviews.csv.gz': { kind: 'table', label: 'Recommended IND' },
  'womens-clothing-reviews': { kind: 'table', label: 'Recommended IND' },
  'wikipedia-edits': { kind: 'events', user: ['u'], item: 'i', time: 'ts', label: 'label' },
  trivago: { kind: 'events', user: ['user_id'], item: 'reference', time: 'timestamp', type: 'action_type' },
  'ml-latest-small': { kind: 'events', user: ['userId'], item: 'movieId', time: 'timestamp', value: 'rating' },
  'ml-latest-small/ratings.csv.gz': {
    kind: 'events',
    user: ['userId'],
    item: 'movieId',
    time: 'timestamp',
    value: 'rating',
  },
  'ml-latest-small/tags.csv.gz': { kind: 'events', user: ['userId'], item: 'movieId', time: 'timestamp' },
  oulad: {
    kind: 'events',
    user: ['code_module', 'code_presentation', 'id_student'],
    item: 'id_site',
    time: 'date',
    value: 'sum_click',
    label: 'final_result',
  },
  'oulad/studentInfo.csv.gz': { kind: 'table', label: 'final_result' },
}
