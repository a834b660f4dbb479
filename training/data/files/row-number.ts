/** Name of the column of a raw table with a row's number: from 1, bad rows counted too, over all its files. */
export const ROW = '"presage row"'
